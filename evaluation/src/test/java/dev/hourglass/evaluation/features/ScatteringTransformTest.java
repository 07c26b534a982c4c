package dev.hourglass.evaluation.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScatteringTransformTest {

  @ParameterizedTest
  @CsvSource({"1, 1, 2, 5", "2, 5, 21, 13", "3, 4, 9, 35", "4, 3, 16, 17", "2, 8, 4, 4"})
  void oddSizesAndAnglesAgreeWithTheFormulas(int scales, int angles, int height, int width) {
    double[][] image = noise(height, width);
    double[] expected = ReferenceScattering.of(image, scales, angles);
    double[] actual = transformed(scales, angles, 2, height, width, image);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("number %d", i).isCloseTo(expected[i], within(1e-12));
    }
  }

  @Test
  void orderOneIsTheBeginningOfOrderTwo() {
    double[][] image = noise(19, 24);
    double[] both = transformed(3, 4, 2, 19, 24, image);
    double[] first = transformed(3, 4, 1, 19, 24, image);
    assertThat(first).hasSize((1 + 3 * 4) * 2 * 3);
    assertThat(Arrays.copyOf(both, first.length)).containsExactly(first, within(1e-14));
  }

  @Test
  void aConstantImageHasNoWavelets() {
    double[][] image = new double[16][24];
    for (double[] row : image) {
      Arrays.fill(row, 100);
    }
    double[] result = transformed(3, 8, 2, 16, 24, image);
    int places = 2 * 3;
    for (int i = 0; i < result.length; i++) {
      // The filters' sums are off as far as kymatio's pi is, and by the rounding of complex64.
      double expected = i < places ? 100 * Math.PI / 3.1415 : 0;
      assertThat(result[i]).isCloseTo(expected, within(1e-4));
    }
  }

  @Test
  void scatteringIsHomogeneousAndForgetsTheSign() {
    double[][] image = noise(16, 16);
    double[][] other = new double[16][16];
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 16; x++) {
        other[y][x] = -3 * image[y][x];
      }
    }
    double[] once = transformed(2, 4, 2, 16, 16, image);
    double[] scaled = transformed(2, 4, 2, 16, 16, other);
    int places = 16;
    for (int i = 0; i < once.length; i++) {
      assertThat(scaled[i]).isCloseTo((i < places ? -3 : 3) * once[i], within(1e-12));
    }
  }

  @Test
  void imagesSmallerThanTheCoarsestScaleAreRefused() {
    assertThatThrownBy(() -> new ScatteringTransform(4, 4, 2, 15, 40))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "A scattering transform with J=4 needs images of at least 16 pixels a side, not 40 x"
                + " 15.");
  }

  private static double[] transformed(
      int scales, int angles, int order, int height, int width, double[][] image) {
    double[][] result = new double[1][];
    try (ScatteringTransform transform =
        new ScatteringTransform(scales, angles, order, height, width)) {
      Scope.run(
          () -> {
            double[] flat = Arrays.stream(image).flatMapToDouble(Arrays::stream).toArray();
            result[0] = Tensors.toDoubles(transform.of(Tensors.ofDoubles(flat, 1, height, width)));
          });
      assertThat(result[0]).hasSize(transform.channels() * (height >> scales) * (width >> scales));
    }
    return result[0];
  }

  private static double[][] noise(int height, int width) {
    RandomStream stream = RandomStream.of(5, height, width);
    double[][] image = new double[height][width];
    for (double[] row : image) {
      Arrays.setAll(row, i -> stream.nextGaussian());
    }
    return image;
  }
}
