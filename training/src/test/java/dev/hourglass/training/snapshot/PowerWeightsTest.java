package dev.hourglass.training.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.config.EmaSchedule;
import dev.hourglass.config.PowerAverage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Averages of a golden trajectory, and the sums of them that make others. */
class PowerWeightsTest {

  private static final JsonNode GOLDEN = golden();

  private static JsonNode golden() {
    try {
      Path file = Path.of(System.getProperty("hourglass.conformance"), "variants", "phema.json");
      return new JsonMapper().readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] numbers(JsonNode array) {
    return array.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
  }

  private static PowerWeights weights(double sigmaRel, double step) {
    return new PowerWeights(step, new PowerAverage(sigmaRel).exponent());
  }

  /** The golden snapshot of a length and a step, as {@code [sigma_rel, step]}. */
  private static double[] snapshot(JsonNode place) {
    return GOLDEN
        .get("snapshots")
        .valueStream()
        .filter(s -> s.get("sigma_rel").equals(place.get(0)))
        .filter(s -> s.get("step").longValue() == place.get(1).longValue())
        .map(s -> numbers(s.get("average")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void averagesOfATrajectoryAreTheGoldenOnes() {
    EmaSchedule schedule = new EmaSchedule.Power(List.of(0.05, 0.1), 100);
    double[][] averages = {new double[4], new double[4]};
    int compared = 0;
    for (int step = 0; step < GOLDEN.get("weights").size(); step++) {
      double[] w = numbers(GOLDEN.get("weights").get(step));
      double[] decays = schedule.decays(step);
      for (int k = 0; k < 2; k++) {
        for (int i = 0; i < w.length; i++) {
          averages[k][i] = decays[k] * averages[k][i] + (1 - decays[k]) * w[i];
        }
      }
      for (JsonNode snapshot : GOLDEN.get("snapshots")) {
        if (snapshot.get("step").longValue() == step + 1) {
          int k = snapshot.get("sigma_rel").doubleValue() == 0.05 ? 0 : 1;
          // They were kept in float32.
          assertThat(averages[k])
              .usingComparatorWithPrecision(1e-6)
              .containsExactly(numbers(snapshot.get("average")));
          compared++;
        }
      }
    }
    assertThat(compared).isEqualTo(8);
  }

  @Test
  void combinationsOfSnapshotsAreTheGoldenOnes() {
    assertThat(GOLDEN.get("reconstructed").size()).isGreaterThanOrEqualTo(4);
    for (JsonNode golden : GOLDEN.get("reconstructed")) {
      List<PowerWeights> snapshots = new ArrayList<>();
      double[] sum = new double[4];
      double[] expected = numbers(golden.get("coefficients"));
      golden
          .get("snapshots")
          .forEach(s -> snapshots.add(weights(s.get(0).doubleValue(), s.get(1).doubleValue())));
      double[] factors =
          weights(golden.get("sigma_rel").doubleValue(), golden.get("step").doubleValue())
              .combinationOf(snapshots);
      for (int i = 0; i < factors.length; i++) {
        assertThat(factors[i]).isCloseTo(expected[i], within(1e-12));
        double[] average = snapshot(golden.get("snapshots").get(i));
        for (int j = 0; j < sum.length; j++) {
          sum[j] += factors[i] * average[j];
        }
      }
      double[] average = numbers(golden.get("average"));
      for (int j = 0; j < sum.length; j++) {
        assertThat(sum[j]).isCloseTo(average[j], within(1e-6));
      }
    }
  }

  /** The product is an integral: here by the midpoint rule. */
  @ParameterizedTest
  @CsvSource({
    "0.05, 100, 0.1, 100",
    "0.05, 100, 0.1, 70",
    "0.2, 30, 0.03, 90",
    "0.25, 5, 0.25, 50"
  })
  void productsAreIntegrals(double sigmaA, double stepsA, double sigmaB, double stepsB) {
    PowerWeights a = weights(sigmaA, stepsA);
    PowerWeights b = weights(sigmaB, stepsB);
    int parts = 1_000_000;
    double width = Math.min(stepsA, stepsB) / parts;
    double integral = 0;
    for (int i = 0; i < parts; i++) {
      double s = (i + 0.5) * width;
      integral += density(a, s) * density(b, s) * width;
    }
    assertThat(a.product(b)).isCloseTo(integral, within(1e-6 * integral));
    assertThat(b.product(a)).isCloseTo(a.product(b), within(1e-12 * integral));
  }

  private static double density(PowerWeights a, double s) {
    return (a.exponent() + 1) / a.steps() * Math.pow(s / a.steps(), a.exponent());
  }

  @Test
  void anAverageThatIsAmongTheSnapshotsIsMadeOfItAlone() {
    for (int steps : new int[] {1, 4, 20, 100}) {
      List<PowerWeights> snapshots = new ArrayList<>();
      for (int i = 1; i <= steps; i++) {
        snapshots.add(weights(0.05, 50.0 * i));
        snapshots.add(weights(0.1, 50.0 * i));
      }
      for (int place = 0; place < snapshots.size(); place += 1 + snapshots.size() / 8) {
        double[] factors = snapshots.get(place).combinationOf(snapshots);
        double[] expected = new double[factors.length];
        expected[place] = 1;
        assertThat(factors).usingComparatorWithPrecision(1e-9).containsExactly(expected);
      }
    }
  }

  @Test
  void factorsAddUpToOne() {
    List<PowerWeights> snapshots =
        DoubleStream.of(3, 7, 20).mapToObj(step -> weights(0.13, step)).toList();
    for (double sigmaRel : new double[] {0.01, 0.1, 0.28}) {
      assertThat(Arrays.stream(weights(sigmaRel, 20).combinationOf(snapshots)).sum())
          .isCloseTo(1, within(1e-12));
    }
  }
}
