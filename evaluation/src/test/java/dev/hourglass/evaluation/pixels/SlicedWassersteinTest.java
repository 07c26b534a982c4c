package dev.hourglass.evaluation.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlicedWassersteinTest {

  private static final long SEED = 3;

  @ParameterizedTest
  @CsvSource({"3, 32, 32", "1, 35, 51", "3, 64, 17"})
  void aSetIsAtNoDistanceFromItself(int channels, int height, int width) {
    List<SlicedWasserstein.Level> levels =
        between(
            noise(1, 3, channels, height, width, 1),
            noise(1, 3, channels, height, width, 1),
            channels,
            height,
            width);
    assertThat(levels).hasSize(LaplacianPyramid.levels(height, width));
    assertThat(levels).allMatch(level -> level.distance() == 0);
  }

  @Test
  void theDistanceIsSymmetricAndItsLevelsAreNamedBySize() {
    float[] a = noise(1, 4, 3, 64, 48, 1);
    float[] b = noise(2, 4, 3, 64, 48, 8);
    List<SlicedWasserstein.Level> there = between(a, b, 3, 64, 48);
    assertThat(between(b, a, 3, 64, 48)).isEqualTo(there);
    assertThat(there).allMatch(level -> level.distance() > 0);
    assertThat(there.stream().map(level -> level.height() + "x" + level.width()))
        .containsExactly("64x48", "32x24");
    assertThat(SlicedWasserstein.mean(there))
        .isEqualTo((there.get(0).distance() + there.get(1).distance()) / 2);
  }

  @Test
  void anotherTextureIsFartherThanAnotherSample() {
    double sample =
        SlicedWasserstein.mean(
            between(noise(1, 20, 3, 32, 32, 1), noise(2, 20, 3, 32, 32, 1), 3, 32, 32));
    double texture =
        SlicedWasserstein.mean(
            between(noise(1, 20, 3, 32, 32, 1), noise(2, 20, 3, 32, 32, 4), 3, 32, 32));
    assertThat(texture).isGreaterThan(1.2 * sample);
  }

  @Test
  void inOneDimensionItIsTheDistanceOfSortedNumbers() {
    // Sorted: 0, 1, 5 against 2, 4, 6; a direction is +1 or -1.
    assertThat(distance(new float[] {5, 0, 1}, new float[] {2, 6, 4}, 1))
        .isCloseTo((2 + 3 + 1) / 3.0, within(1e-6));
  }

  @Test
  void aShiftOfManyDimensionsIsItsMeanProjection() {
    // E |u_1| of a unit vector in d dimensions: Gamma(d/2) / (sqrt(pi) Gamma((d + 1)/2)), 1/2 for
    // 3.
    float[] a = new float[3000];
    float[] b = new float[3000];
    RandomStream stream = RandomStream.of(9);
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) stream.nextGaussian();
      b[i] = a[i] + (i % 3 == 1 ? 10 : 0);
    }
    assertThat(distance(a, b, 3)).isCloseTo(5, within(0.4));
  }

  @Test
  void theBatchesInWhichImagesComeChangeNothing() {
    float[] images = noise(1, 3, 3, 32, 32, 2);
    float[] others = noise(2, 3, 3, 32, 32, 2);
    List<SlicedWasserstein.Level> whole = between(images, others, 3, 32, 32);
    List<SlicedWasserstein.Level> parts;
    try (Patches a = new Patches(SEED, 3, 32, 32);
        Patches b = patches(others, 3, 32, 32)) {
      Scope.run(
          () -> {
            Tensor all = bytes(images, 3, 32, 32);
            a.add(all.narrow(0, 0, 1));
            a.add(all.narrow(0, 1, 2));
          });
      parts = SlicedWasserstein.between(a, b, SEED);
    }
    assertThat(parts).isEqualTo(whole);
  }

  @Test
  void constantImagesAreAtNoDistance() {
    assertThat(between(new float[3 * 32 * 32], new float[3 * 32 * 32], 3, 32, 32))
        .allMatch(level -> level.distance() == 0);
  }

  @Test
  void setsThatCannotBeComparedAreRefused() {
    assertThatThrownBy(() -> new Patches(SEED, 3, 15, 40))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("at least 16 pixels a side, not 40 x 15");
    assertThatThrownBy(
            () -> between(noise(1, 2, 3, 32, 32, 1), noise(1, 3, 3, 32, 32, 1), 3, 32, 32))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there are 2 and 3");
    try (Patches a = new Patches(SEED, 3, 32, 32);
        Patches b = new Patches(SEED, 3, 32, 33)) {
      assertThatThrownBy(() -> SlicedWasserstein.between(a, b, SEED))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("one size");
    }
  }

  private static List<SlicedWasserstein.Level> between(
      float[] a, float[] b, int channels, int height, int width) {
    try (Patches first = patches(a, channels, height, width);
        Patches second = patches(b, channels, height, width)) {
      return SlicedWasserstein.between(first, second, SEED);
    }
  }

  private static Patches patches(float[] images, int channels, int height, int width) {
    Patches patches = new Patches(SEED, channels, height, width);
    Scope.run(() -> patches.add(bytes(images, channels, height, width)));
    return patches;
  }

  private static Tensor bytes(float[] images, int channels, int height, int width) {
    long count = images.length / channels / height / width;
    return Tensors.ofFloats(images, count, channels, height, width).to(ScalarType.Byte);
  }

  private static double distance(float[] a, float[] b, int numbers) {
    double[] result = new double[1];
    Scope.run(
        () ->
            result[0] =
                SlicedWasserstein.distance(
                    Tensors.ofFloats(a, a.length / numbers, numbers),
                    Tensors.ofFloats(b, b.length / numbers, numbers),
                    SEED,
                    0));
    return result[0];
  }

  /** Noise in squares of {@code grain} pixels. */
  private static float[] noise(int which, int n, int channels, int height, int width, int grain) {
    float[] values = new float[n * channels * height * width];
    for (int i = 0; i < values.length; i++) {
      int x = i % width / grain;
      int y = i / width % height / grain;
      values[i] = RandomStream.of(which, i / width / height, y, x).nextInt(256);
    }
    return values;
  }
}
