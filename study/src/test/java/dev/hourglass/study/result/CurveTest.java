package dev.hourglass.study.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CurveTest {

  @Test
  void shortRunsAreKeptStepByStep() {
    assertThat(Curve.ofMeans(new double[] {3, 1}))
        .isEqualTo(new Curve(List.of(1L, 2L), List.of(3.0, 1.0)));
  }

  @Property
  void windowsAreMeansAndFewEnoughForAChart(@ForAll @IntRange(min = 1, max = 5000) int steps) {
    double[] values = IntStream.range(0, steps).mapToDouble(i -> i * i).toArray();
    Curve curve = Curve.ofMeans(values);
    assertThat(curve.steps()).hasSizeBetween(1, 200);
    int window = Math.toIntExact(curve.steps().getFirst());
    assertThat(Integer.bitCount(window)).isEqualTo(1);
    for (int i = 0; i < curve.steps().size(); i++) {
      assertThat(curve.steps().get(i)).isEqualTo((i + 1L) * window);
      assertThat(curve.values().get(i))
          .isCloseTo(
              Arrays.stream(values, i * window, (i + 1) * window).average().orElseThrow(),
              within(1e-6));
    }
  }

  @Test
  void whatWasMeasuredAtTimesStaysAtItsSteps() {
    assertThat(Curve.ofMeasured(new double[] {Double.NaN, 2, Double.NaN, 4}))
        .isEqualTo(new Curve(List.of(2L, 4L), List.of(2.0, 4.0)));
  }
}
