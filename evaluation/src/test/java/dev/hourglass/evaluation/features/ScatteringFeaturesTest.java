package dev.hourglass.evaluation.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScatteringFeaturesTest {

  private static ScatteringFeatures extractor;

  @BeforeAll
  static void open() {
    extractor = new ScatteringFeatures();
  }

  @AfterAll
  static void close() {
    extractor.close();
  }

  @ParameterizedTest
  @CsvSource({"3, 16, 16", "1, 28, 28", "3, 64, 64", "3, 300, 17", "3, 1000, 1500"})
  void anySizeGivesAsManyFiniteNumbers(int channels, int height, int width) {
    double[] features = features(() -> FormulaImages.of(1, channels, height, width));
    assertThat(features).hasSize(ScatteringFeatures.SIZE);
    assertThat(Arrays.stream(features).allMatch(Double::isFinite)).isTrue();
    assertThat(Arrays.stream(features).distinct().count()).isGreaterThan(400);
  }

  @Test
  void theBatchChangesNoBit() {
    double[] together = features(() -> FormulaImages.of(3, 3, 40, 50));
    for (int i = 0; i < 3; i++) {
      int image = i;
      double[] alone = features(() -> FormulaImages.of(3, 3, 40, 50).narrow(0, image, 1));
      assertThat(alone).containsExactly(image(together, image));
    }
  }

  @Test
  void theNumberOfThreadsChangesNoBit() {
    int threads = Workers.shared().count();
    double[] many = features(() -> FormulaImages.of(3, 3, 64, 64));
    try {
      Workers.setThreads(threads == 1 ? 3 : 1);
      assertThat(features(() -> FormulaImages.of(3, 3, 64, 64))).containsExactly(many);
    } finally {
      Workers.setThreads(threads);
    }
  }

  @Test
  void aGrayImageHasTheFeaturesOfItsCopyInThreeChannels() {
    double[] gray = features(() -> FormulaImages.of(1, 1, 48, 48));
    double[] copy =
        features(() -> FormulaImages.of(1, 1, 48, 48).expand(-1, 3, -1, -1).contiguous());
    assertThat(copy).containsExactly(gray, within(1e-9));
  }

  @Test
  void anEdgeBetweenColoursIsNotTheGrayEdgeOfTheSameModuli() {
    // Red rises where green falls: channel by channel the moduli are those of the gray edge.
    double[] gray = features(() -> edge(0, 0));
    double[] colour = features(() -> edge(0, 255));
    double difference = 0;
    for (int i = 0; i < gray.length; i++) {
      difference = Math.max(difference, Math.abs(gray[i] - colour[i]));
    }
    assertThat(difference).isGreaterThan(1);
  }

  @Test
  void otherNumbersOfChannelsAreRefused() {
    assertThatThrownBy(() -> features(() -> FormulaImages.of(1, 4, 20, 20)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("but these have 4");
  }

  /** A vertical edge; red starts at one level and green at another, blue follows red. */
  private static Tensor edge(int red, int green) {
    float[] values = new float[3 * 64 * 64];
    for (int i = 0; i < values.length; i++) {
      int start = i / 4096 == 1 ? green : red;
      values[i] = i % 64 < 32 ? start : 255 - start;
    }
    return Tensors.ofFloats(values, 1, 3, 64, 64).to(ScalarType.Byte);
  }

  private static double[] image(double[] features, int index) {
    int size = ScatteringFeatures.SIZE;
    return Arrays.copyOfRange(features, index * size, (index + 1) * size);
  }

  private static double[] features(Supplier<Tensor> images) {
    double[][] result = new double[1][];
    int threads = torch.get_num_threads();
    Scope.run(() -> result[0] = Tensors.toDoubles(extractor.of(images.get()).features()));
    assertThat(torch.get_num_threads()).isEqualTo(threads);
    return result[0];
  }
}
