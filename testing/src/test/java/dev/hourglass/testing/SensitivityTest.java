package dev.hourglass.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.random.RandomStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SensitivityTest {

  private static float[] noise(int count, long seed) {
    float[] values = new float[count];
    RandomStream.of(seed).fillGaussian(values, 0, count);
    return values;
  }

  private static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  /** The product of two vectors, terms of either sign. */
  private static Sensitivity product(float[] a, float[] b) {
    return Sensitivity.of(
        Rounding.FLOAT32,
        inputs -> {
          double[] x = inputs.of(doubles(a));
          double[] y = inputs.of(doubles(b));
          double sum = 0;
          for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
          }
          return Map.of("sum", new double[] {sum});
        });
  }

  /** In float32 and in that many interleaved partial sums, as vectors of that many lanes do. */
  private static float inLanes(float[] a, float[] b, int count, int lanes) {
    float[] sums = new float[lanes];
    for (int i = 0; i < count; i++) {
      sums[i % lanes] += a[i] * b[i];
    }
    float sum = 0;
    for (float lane : sums) {
      sum += lane;
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 8, 16, 64})
  void aSumOfThousandsIsRightInAnyOrderAndWrongWithoutOneTerm(int lanes) {
    for (int count : new int[] {10, 100, 1000, 4000}) {
      for (int seed = 0; seed < 50; seed++) {
        float[] a = noise(count, seed);
        float[] b = noise(count, -seed - 1);
        a[count - 1] = 1;
        b[count - 1] = 0.1f; // A small one.
        Sensitivity product = product(a, b);
        product.require("sum", new double[] {inLanes(a, b, count, lanes)});
        double[] oneDropped = {inLanes(a, b, count - 1, lanes)};
        assertThatThrownBy(() -> product.require("sum", oneDropped))
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("sum is off by");
      }
    }
  }

  @Test
  void whatIsAllowedFollowsFromTheTermsAndNotFromTheirSum() {
    float[] a = {1000, 1000, 1};
    float[] b = {1, -1, 1};
    double allowed = product(a, b).allowance("sum")[0];
    assertThat(allowed).isBetween(1000 * Rounding.FLOAT32.unit(), 1e6 * Rounding.FLOAT32.unit());
    assertThat(product(new float[] {1, 1, 1}, b).allowance("sum")[0]).isLessThan(allowed / 500);
  }

  @Test
  void aRoundingToBfloat16IsTooCoarseForFloat32() {
    float[] a = noise(100, 1);
    Sensitivity identity =
        Sensitivity.of(Rounding.FLOAT32, inputs -> Map.of("a", inputs.of(doubles(a))));
    double[] rounded = doubles(a);
    identity.require("a", rounded);
    rounded[17] = Float.intBitsToFloat(Float.floatToIntBits(a[17]) & 0xFFFF0000);
    assertThat(identity.ratio("a", rounded)).isGreaterThan(1);
  }

  @Test
  void itIsTheSameAtEveryTime() {
    float[] a = noise(30, 1);
    float[] b = noise(30, 2);
    assertThat(product(a, b).allowance("sum")).isEqualTo(product(a, b).allowance("sum"));
  }

  @Test
  void aResultThatMayCancelToNothingIsAllowedARoundingOfItsTerms() {
    Sensitivity nothing =
        Sensitivity.of(Rounding.FLOAT32, inputs -> Map.of("zero", inputs.of(new double[1])));
    assertThat(nothing.allowance("zero")).containsExactly(0);
    assertThat(nothing.allowance("zero", 2)[0]).isEqualTo(2 * 3 * 32 * Rounding.FLOAT32.unit());
    nothing.require("zero", new double[1]);
    assertThat(nothing.ratio("zero", new double[] {1e-30})).isInfinite();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNoNumberIsWrong(double value) {
    Sensitivity one =
        Sensitivity.of(Rounding.FLOAT32, inputs -> Map.of("one", inputs.of(new double[] {1, 1})));
    assertThat(one.ratio("one", new double[] {1, value})).isInfinite();
    assertThat(one.ratio("one", new double[] {value, 1})).isInfinite();
  }

  @Test
  void anotherLengthOrNameIsRefused() {
    Sensitivity one = product(noise(3, 1), noise(3, 2));
    assertThatThrownBy(() -> one.require("sum", new double[2]))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("2 numbers where 1");
    assertThatThrownBy(() -> one.require("other", new double[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("other");
  }
}
