package dev.hourglass.evaluation.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaplacianPyramidTest {

  private static final double[] BINOMIAL = {1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0};

  @ParameterizedTest
  @CsvSource({"32, 32", "37, 50", "64, 33", "16, 16", "65, 129"})
  void theLevelsAreWhatTheFormulasSay(int height, int width) {
    double[][] image = noise(height, width);
    List<double[]> levels = levels(image);
    double[][] rest = image;
    for (int i = 0; i < levels.size(); i++) {
      boolean last = i == levels.size() - 1;
      double[][] half = everyOther(filtered(rest, 1));
      double[][] expected = last ? rest : minus(rest, doubled(half, rest.length, rest[0].length));
      assertThat(levels.get(i))
          .containsExactly(
              Arrays.stream(expected).flatMapToDouble(Arrays::stream).toArray(), within(1e-3));
      rest = half;
    }
    assertThat(Math.min(rest.length, rest[0].length)).isLessThan(16);
  }

  @Test
  void levelsEndAtSixteenPixels() {
    assertThat(LaplacianPyramid.levels(64, 64)).isEqualTo(3);
    assertThat(LaplacianPyramid.levels(16, 500)).isEqualTo(1);
    assertThat(LaplacianPyramid.levels(15, 500)).isZero();
  }

  private static List<double[]> levels(double[][] image) {
    List<List<double[]>> result = new ArrayList<>();
    Scope.run(
        () -> {
          double[] flat = Arrays.stream(image).flatMapToDouble(Arrays::stream).toArray();
          float[] floats = new float[flat.length];
          for (int i = 0; i < flat.length; i++) {
            floats[i] = (float) flat[i];
          }
          Tensor input = Tensors.ofFloats(floats, 1, image.length, image[0].length);
          result.add(LaplacianPyramid.of(input).stream().map(Tensors::toDoubles).toList());
        });
    return result.getFirst();
  }

  private static double[][] filtered(double[][] image, double factor) {
    int h = image.length;
    int w = image[0].length;
    double[][] result = new double[h][w];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        for (int i = 0; i < 25; i++) {
          result[y][x] +=
              factor
                  * BINOMIAL[i / 5]
                  * BINOMIAL[i % 5]
                  * image[mirrored(y + i / 5 - 2, h)][mirrored(x + i % 5 - 2, w)];
        }
      }
    }
    return result;
  }

  private static int mirrored(int at, int length) {
    return at < 0 ? -at : at >= length ? 2 * (length - 1) - at : at;
  }

  private static double[][] everyOther(double[][] image) {
    double[][] result = new double[(image.length + 1) / 2][(image[0].length + 1) / 2];
    for (int y = 0; y < result.length; y++) {
      for (int x = 0; x < result[0].length; x++) {
        result[y][x] = image[2 * y][2 * x];
      }
    }
    return result;
  }

  private static double[][] doubled(double[][] image, int height, int width) {
    double[][] spread = new double[height][width];
    for (int y = 0; y < image.length; y++) {
      for (int x = 0; x < image[0].length; x++) {
        spread[2 * y][2 * x] = image[y][x];
      }
    }
    return filtered(spread, 4);
  }

  private static double[][] minus(double[][] a, double[][] b) {
    double[][] result = new double[a.length][a[0].length];
    for (int y = 0; y < a.length; y++) {
      for (int x = 0; x < a[0].length; x++) {
        result[y][x] = a[y][x] - b[y][x];
      }
    }
    return result;
  }

  private static double[][] noise(int height, int width) {
    RandomStream stream = RandomStream.of(7, height, width);
    double[][] image = new double[height][width];
    for (double[] row : image) {
      Arrays.setAll(row, i -> stream.nextInt(256));
    }
    return image;
  }
}
