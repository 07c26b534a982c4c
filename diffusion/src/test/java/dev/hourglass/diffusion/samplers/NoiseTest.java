package dev.hourglass.diffusion.samplers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.diffusion.NoiseRange;
import dev.hourglass.diffusion.SigmaSchedule;
import dev.hourglass.diffusion.noise.BrownianNoise;
import dev.hourglass.diffusion.noise.ImageNoise;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NoiseTest {

  /** Larger than a chunk, and not a multiple of it. */
  private static final long[] SHAPE = {3, 70, 70};

  private static final int SIZE = 3 * 70 * 70;
  private static final double MIN = 0.01;
  private static final double MAX = 80;

  @Test
  void imageNoiseIsStandardNormalAndNewAtEveryDraw() {
    ImageNoise noise = new ImageNoise(1, new long[] {4}, SHAPE);
    float[] first = Tensors.toFloats(noise.noise(2, 1));
    float[] second = Tensors.toFloats(noise.noise(1, 0.5));
    float[] start = Tensors.toFloats(ImageNoise.initial(1, new long[] {4}, SHAPE));
    for (float[] values : new float[][] {first, second, start}) {
      assertThat(correlation(values, values)).isCloseTo(1, within(0.05));
    }
    assertThat(correlation(first, second)).isCloseTo(0, within(0.04));
    assertThat(correlation(first, start)).isCloseTo(0, within(0.04));
  }

  @Test
  void imageNoiseOfAnImageIsTheSameInAnyBatch() {
    float[] batch = Tensors.toFloats(new ImageNoise(1, new long[] {4, 9}, SHAPE).noise(2, 1));
    float[] alone = Tensors.toFloats(new ImageNoise(1, new long[] {9}, SHAPE).noise(2, 1));
    assertThat(Arrays.copyOfRange(batch, SIZE, 2 * SIZE)).isEqualTo(alone);
    assertThat(Arrays.copyOfRange(batch, 0, SIZE)).isNotEqualTo(alone);
  }

  @Test
  void aSkippedDrawLeavesTheLaterOnesInPlace() {
    ImageNoise drawing = new ImageNoise(1, new long[] {4}, SHAPE);
    ImageNoise skipping = new ImageNoise(1, new long[] {4}, SHAPE);
    drawing.noise(2, 1);
    skipping.skip(2, 1);
    assertThat(Tensors.toFloats(skipping.noise(1, 0.5)))
        .isEqualTo(Tensors.toFloats(drawing.noise(1, 0.5)));
  }

  @Test
  void brownianIncrementsAreStandardNormalOnEveryScaleAndIndependent() {
    BrownianNoise noise = brownian(7);
    double[] levels = {MAX, 40, 39.9, 10, 1, 0.995, 0.1, 0.0101, MIN};
    float[] previous = null;
    for (int i = 0; i + 1 < levels.length; i++) {
      float[] increment = Tensors.toFloats(noise.noise(levels[i], levels[i + 1]));
      assertThat(correlation(increment, increment)).isCloseTo(1, within(0.05));
      assertThat(Arrays.stream(doubles(increment)).average().orElseThrow())
          .isCloseTo(0, within(0.035));
      if (previous != null) {
        assertThat(correlation(increment, previous)).isCloseTo(0, within(0.04));
      }
      previous = increment;
    }
  }

  @Test
  void brownianIncrementsAddUp() {
    BrownianNoise noise = brownian(7);
    double[] upper = raw(noise, 30, 7);
    double[] lower = raw(noise, 7, 0.4);
    double[] whole = raw(noise, 30, 0.4);
    for (int i = 0; i < SIZE; i++) {
      assertThat(upper[i] + lower[i]).isCloseTo(whole[i], within(1e-4));
    }
  }

  @Test
  void moreStepsRefineTheSameBrownianPath() {
    double[] coarse = new SigmaSchedule.Karras(7).sigmas(4, new NoiseRange(MIN, MAX));
    double[] fine = new SigmaSchedule.Karras(7).sigmas(10, new NoiseRange(MIN, MAX));
    BrownianNoise first = brownian(7);
    BrownianNoise second = brownian(7);
    for (int i = 0; i + 2 < coarse.length; i++) {
      double[] expected = raw(first, coarse[i], coarse[i + 1]);
      double[] sum = new double[SIZE];
      for (int j = 3 * i; j < 3 * i + 3; j++) {
        double[] part = raw(second, fine[j], fine[j + 1]);
        Arrays.setAll(sum, k -> sum[k] + part[k]);
      }
      assertThat(sum).containsExactly(expected, within(1e-4));
    }
  }

  @Test
  void overlappingBrownianIntervalsAreCorrelatedAsTheyShould() {
    BrownianNoise noise = brownian(7);
    float[] half = Tensors.toFloats(noise.noise(10, 6));
    float[] whole = Tensors.toFloats(noise.noise(10, 2));
    assertThat(correlation(half, whole)).isCloseTo(Math.sqrt(4.0 / 8), within(0.04));
  }

  @Test
  void theBrownianPathDoesNotDependOnTheOrderOfTheQuestionsOrOnTheBatch() {
    BrownianNoise noise = new BrownianNoise(7, new long[] {1, 6}, MIN, MAX, SHAPE);
    noise.noise(50, 3);
    noise.noise(0.5, 0.02);
    noise.noise(70, 0.3);
    float[] late = Tensors.toFloats(noise.noise(5, 4));
    float[] fresh = Tensors.toFloats(brownian(6).noise(5, 4));
    assertThat(Arrays.copyOfRange(late, SIZE, 2 * SIZE)).isEqualTo(fresh);
    assertThat(Tensors.toFloats(brownian(5).noise(5, 4))).isNotEqualTo(fresh);
  }

  @Test
  void roundingBeyondTheRangeIsForgivenAndMoreIsNot() {
    BrownianNoise noise = brownian(7);
    float[] inside = Tensors.toFloats(noise.noise(MAX, 1));
    assertThat(Tensors.toFloats(brownian(7).noise(MAX * (1 + 1e-12), 1))).isEqualTo(inside);
    assertThatThrownBy(() -> noise.noise(MAX * 1.01, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> noise.noise(1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> noise.noise(1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BrownianNoise(1, new long[1], 0, 1, SHAPE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static BrownianNoise brownian(long image) {
    return new BrownianNoise(7, new long[] {image}, MIN, MAX, SHAPE);
  }

  /** W(to) - W(from). */
  private static double[] raw(BrownianNoise noise, double from, double to) {
    double scale = Math.sqrt(from - to);
    return Arrays.stream(doubles(Tensors.toFloats(noise.noise(from, to))))
        .map(v -> v * scale)
        .toArray();
  }

  private static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    Arrays.setAll(result, i -> values[i]);
    return result;
  }

  /** The mean product, which is the correlation of standard normal values. */
  private static double correlation(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum / a.length;
  }
}
