package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Power-function averages against values computed by an independent program, and their limits. */
class PowerAverageTest {

  @Test
  void exponentsAreTheGoldenOnes() throws IOException {
    Path file = Path.of(System.getProperty("hourglass.conformance"), "variants", "phema.json");
    JsonNode golden = TestConfigs.MAPPER.readTree(Files.readString(file)).get("gamma");
    assertThat(golden.properties())
        .hasSizeGreaterThanOrEqualTo(10)
        .allSatisfy(
            entry -> {
              double expected = entry.getValue().doubleValue();
              assertThat(new PowerAverage(Double.parseDouble(entry.getKey())).exponent())
                  .isCloseTo(expected, Percentage.withPercentage(1e-10));
            });
  }

  @Property
  void anExponentHasTheLengthThatItWasMadeFrom(
      @ForAll @DoubleRange(min = 1e-9, max = 0.2889) @Scale(12) double sigmaRel) {
    double exponent = new PowerAverage(sigmaRel).exponent();
    assertThat(PowerAverage.sigmaRel(exponent))
        .isCloseTo(sigmaRel, Percentage.withPercentage(1e-10));
  }

  @Property
  void aLengthHasTheExponentThatItWasMadeFrom(
      @ForAll @DoubleRange(min = 0, max = 1e9) double exponent) {
    assertThat(new PowerAverage(PowerAverage.sigmaRel(exponent)).exponent())
        .isCloseTo(exponent, within(1e-8 * (1 + exponent)));
  }

  @Test
  void theShortestLengthsDoNotOverflow() {
    for (double sigmaRel : new double[] {1e-12, 1e-150, 1e-300}) {
      assertThat(new PowerAverage(sigmaRel).exponent())
          .isCloseTo(1 / sigmaRel, Percentage.withPercentage(1e-8));
      assertThat(new PowerAverage(sigmaRel).decay(10)).isZero();
    }
  }

  @Test
  void decaysFollowTheEquation() {
    PowerAverage average = new PowerAverage(0.1);
    for (long step : new long[] {2, 3, 17, 1000, 1_000_000}) {
      assertThat(average.decay(step))
          .isCloseTo(Math.pow(1 - 1.0 / step, 7.937203937601809), within(1e-14));
    }
  }

  @Test
  void theFirstStepReplacesTheAverageWhereverItBegan() {
    EmaSchedule schedule = new EmaSchedule.Power(EmaSchedule.DEFAULT_SIGMA_RELS, 1);
    assertThat(schedule.decays(0)).containsExactly(0, 0);
    assertThat(schedule.decays(1)).hasSize(2);
    for (double decay : schedule.decays(1)) {
      assertThat(decay).isBetween(1e-9, 1 - 1e-9);
    }
  }

  @Test
  void theShortestAverageComesFirstInWhateverOrderTheFileHasThem() {
    EmaSchedule.Power schedule =
        (EmaSchedule.Power)
            TestConfigs.parse(
                    "ema_sched",
                    "{\"type\": \"power\", \"sigma_rels\": [0.2, 0.03, 0.1], \"snapshot_every\":"
                        + " 4}")
                .emaSchedule();
    assertThat(schedule.sigmaRels()).containsExactly(0.03, 0.1, 0.2);
    assertThat(schedule.decays(99)).isSorted();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 0.289, 1, Double.NaN})
  void lengthsOutOfRangeAreRefused(double sigmaRel) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> new PowerAverage(sigmaRel))
        .withMessageContaining("give a number above 0 and below 0.289");
  }
}
