package dev.hourglass.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.RandomStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DistancesTest {

  @Test
  void theFrechetDistanceOfASetToItselfIsZero() {
    double[][] a = normal(1, 200, 6, 0, 1);
    assertThat(FrechetDistance.between(a, a)).isCloseTo(0, within(1e-9));
  }

  @Test
  void theFrechetDistanceOfAShiftIsItsSquaredLength() {
    double[][] a = normal(1, 200, 6, 0, 1);
    double[][] b = normal(1, 200, 6, 0.5, 1);
    assertThat(FrechetDistance.between(a, b)).isCloseTo(6 * 0.25, within(1e-9));
  }

  @Test
  void theFrechetDistanceOfAScalingIsTheSquaredDifferenceOfTheDeviations() {
    // One feature: |s_a - s_b|^2 for deviations s_a and s_b, up to the ridge of 1e-8.
    double[][] a = {{-1}, {1}};
    double[][] b = {{-3}, {3}};
    assertThat(FrechetDistance.between(a, b)).isCloseTo(8, within(1e-6));
  }

  @Test
  void theFrechetDistanceIsSymmetricEvenWithFewerSamplesThanFeatures() {
    double[][] a = normal(1, 4, 6, 0, 1);
    double[][] b = normal(2, 5, 6, 0.3, 2);
    double there = FrechetDistance.between(a, b);
    assertThat(there).isPositive();
    assertThat(FrechetDistance.between(b, a)).isCloseTo(there, within(1e-3 * there));
  }

  @Test
  void theKernelDistanceOfTwoPairsIsWhatOneCanWorkOutByHand() {
    // d = 1: k(x, y) = (x y + 1)^3. k(0, 1) = 1, k(2, 3) = 343; across: 1, 1, 27, 64.
    double expected = 1 + 343 - 2 * (1 + 1 + 27 + 64) / 4.0;
    assertThat(KernelDistance.between(new double[][] {{0}, {1}}, new double[][] {{2}, {3}}))
        .isCloseTo(expected, within(1e-12));
  }

  @Test
  void largeSetsAreDividedIntoPartsOfEqualSizeWhoseMeanIsTaken() {
    double[][] a = normal(1, 5002, 2, 0, 1);
    double[][] b = normal(2, 40, 2, 1, 1);
    double first =
        KernelDistance.between(Arrays.copyOfRange(a, 0, 2501), Arrays.copyOfRange(b, 0, 20));
    double second =
        KernelDistance.between(Arrays.copyOfRange(a, 2501, 5002), Arrays.copyOfRange(b, 20, 40));
    assertThat(KernelDistance.between(a, b)).isCloseTo((first + second) / 2, within(1e-9));
  }

  @Test
  void setsThatCannotBeComparedAreRefused() {
    double[][] good = normal(1, 5, 3, 0, 1);
    double[][][] bads = {
      {}, {{1, 2, 3}}, {{1, 2}, {3, 4}}, {{1, 2, 3}, {1, 2}}, {{1, 2, 3}, {1, 2, Double.NaN}}
    };
    for (double[][] bad : bads) {
      assertThatThrownBy(() -> FrechetDistance.between(good, bad))
          .isInstanceOf(InputException.class);
      assertThatThrownBy(() -> KernelDistance.between(good, bad))
          .isInstanceOf(InputException.class);
    }
    assertThatThrownBy(
            () -> KernelDistance.between(normal(1, 5001, 1, 0, 1), normal(2, 3, 1, 0, 1)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("5001");
  }

  private static double[][] normal(int purpose, int rows, int columns, double mean, double scale) {
    RandomStream stream = RandomStream.of(3, purpose);
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = mean + scale * stream.nextGaussian();
      }
    }
    return values;
  }
}
