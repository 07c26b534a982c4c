package dev.hourglass.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HolmTest {

  private static final Offset<Double> ROUNDING = within(1e-15);

  @Test
  void theSmallestIsTimesAllTheNextTimesOneLess() {
    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    assertThat(Holm.correct(0.01, 0.04, 0.03, 0.005))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, ROUNDING);
  }

  @Test
  void oneTestNeedsNoCorrection() {
    assertThat(Holm.correct(0.2)).containsExactly(0.2);
    assertThat(Holm.correct()).isEmpty();
  }

  /** By the definition: step down through the ordered hypotheses until one is kept. */
  @Property
  void aHypothesisIsRejectedAtALevelIfAndOnlyIfTheStepsReachIt(
      @ForAll @Size(min = 1, max = 12) List<@DoubleRange(min = 0, max = 1) Double> given,
      @ForAll @DoubleRange(min = 0.01, max = 0.5) double level) {
    double[] p = given.stream().mapToDouble(Double::doubleValue).toArray();
    int[] order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted((a, b) -> Double.compare(p[a], p[b]))
            .mapToInt(i -> i)
            .toArray();
    boolean[] rejected = new boolean[p.length];
    for (int i = 0; i < p.length && (p.length - i) * p[order[i]] <= level; i++) {
      rejected[order[i]] = true;
    }
    double[] corrected = Holm.correct(p);
    for (int i = 0; i < p.length; i++) {
      assertThat(corrected[i] <= level).as("of %s", Arrays.toString(p)).isEqualTo(rejected[i]);
    }
  }

  @Property
  void correctionNeverMakesAProbabilitySmallerOrMoreThanOne(
      @ForAll @Size(min = 1, max = 12) List<@DoubleRange(min = 0, max = 1) Double> given) {
    double[] p = given.stream().mapToDouble(Double::doubleValue).toArray();
    double[] corrected = Holm.correct(p);
    for (int i = 0; i < p.length; i++) {
      assertThat(corrected[i]).isBetween(p[i], 1.0);
    }
  }
}
