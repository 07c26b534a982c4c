package dev.hourglass.training.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.core.InputException;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.sets.ImageDataset;
import dev.hourglass.data.sets.ImageVectors;
import dev.hourglass.diffusion.Preconditioning;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.ops.vector.VectorOps;
import dev.hourglass.sampling.ImageConditions;
import dev.hourglass.sampling.LabelledImage;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.training.TinyModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationLossTest {

  private static final ModelConfig MODEL = TinyModel.CONFIG.model();
  private static final ImageDataset IMAGES = TinyModel.images();

  /** In percent: what good implementations in float32 agree to, 1e-5 (the goldens' README). */
  private static final double FLOAT32 = 1e-3;

  private static ValidationResult measure(ModelConfig model, Ops ops, int count, int batchSize) {
    try (Parameters weights = Parameters.initial(model, 3)) {
      weights.freeze();
      return new ValidationLoss(model, weights, ops, ValidationLevels.of(MODEL.diffusion()))
          .over(
              new ValidationImages(model, IMAGES, ImageVectors.none(IMAGES), count),
              batchSize,
              done -> {});
    }
  }

  private static Ops kernels() {
    return new VectorOps(Precision.FP32);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 16, 100})
  void theSizeOfBatchesChangesNothingButRounding(int batchSize) {
    ValidationResult whole = measure(MODEL, kernels(), 21, 21);
    ValidationResult parts = measure(MODEL, kernels(), 21, batchSize);
    assertThat(parts.loss()).isCloseTo(whole.loss(), withinPercentage(FLOAT32));
    for (int level = 0; level < whole.byLevel().size(); level++) {
      assertThat(parts.byLevel().get(level))
          .isCloseTo(whole.byLevel().get(level), withinPercentage(FLOAT32));
    }
  }

  @Test
  void theNumberOfThreadsChangesNothing() {
    int before = Workers.shared().count();
    try {
      Workers.setThreads(1);
      ValidationResult alone = measure(MODEL, kernels(), 21, 8);
      Workers.setThreads(3);
      assertThat(measure(MODEL, kernels(), 21, 8)).isEqualTo(alone);
    } finally {
      Workers.setThreads(before);
    }
  }

  @Test
  void bothProvidersAgree() {
    double reference = measure(MODEL, new ReferenceOps(Precision.FP32), 21, 8).loss();
    assertThat(measure(MODEL, kernels(), 21, 8).loss())
        .isCloseTo(reference, withinPercentage(1e-3));
  }

  /** Whatever the network predicts: the definition is of the denoised image. */
  @ParameterizedTest
  @ValueSource(strings = {"karras", "epsilon", "x", "flow"})
  void itIsTheWeightedErrorOfTheDenoisedImage(String preconditioning) {
    ModelConfig model =
        Config.parse(
                TinyModel.CONFIG
                    .toJson()
                    .replace(
                        "\"input_channels\"",
                        "\"preconditioning\": \"%s\", \"input_channels\""
                            .formatted(preconditioning)),
                "test")
            .model();
    ValidationLevels levels = ValidationLevels.of(MODEL.diffusion());
    ValidationResult measured = measure(model, kernels(), 4, 4);
    List<LabelledImage> images = images(model, 4);
    try (Parameters weights = Parameters.initial(model, 3)) {
      weights.freeze();
      for (int level = 0; level < levels.sigmas().size(); level++) {
        double sigma = levels.sigmas().get(level).floatValue();
        double weight = 1 / (sigma * sigma + 0.25); // soft-min-snr at sigma_data 0.5
        assertThat(measured.byLevel().get(level))
            .as("level %d", level)
            .isCloseTo(
                weight * meanSquare(model, weights, images, level, sigma), withinPercentage(1e-2));
      }
    }
    assertThat(measured.loss())
        .isCloseTo(
            measured.byLevel().stream().mapToDouble(l -> l).average().orElseThrow(), within(1e-12));
  }

  private static List<LabelledImage> images(ModelConfig model, int count) {
    ValidationImages chosen = new ValidationImages(model, IMAGES, ImageVectors.none(IMAGES), count);
    return new ArrayList<>(chosen.read(0, count));
  }

  /** mean((D(x0 + sigma n, sigma) - x0)^2), with the noise as the class promises it. */
  private static double meanSquare(
      ModelConfig model, Parameters weights, List<LabelledImage> images, int level, double sigma) {
    try (PointerScope scope = new PointerScope()) {
      HourglassTransformer network =
          new HourglassTransformer(model, weights, new ReferenceOps(Precision.FP32));
      int each = 8 * 12;
      float[] clean = new float[images.size() * each];
      float[] noisy = new float[clean.length];
      for (int i = 0; i < images.size(); i++) {
        float[] noise = new float[each];
        RandomStream.of(0, Purpose.VALIDATION_NOISE, images.get(i).index(), level)
            .fillGaussian(noise, 0, each);
        for (int k = 0; k < each; k++) {
          clean[i * each + k] = images.get(i).pixels()[k];
          noisy[i * each + k] = (float) (clean[i * each + k] + sigma * noise[k]);
        }
      }
      float[] sigmas = new float[images.size()];
      Arrays.fill(sigmas, (float) sigma);
      Tensor denoised =
          Preconditioning.of(model.diffusion())
              .denoise(
                  (x, s) ->
                      network.forward(
                          x, s, ImageConditions.of(model, images), TrainingPass.SAMPLING),
                  Tensors.ofFloats(noisy, images.size(), 1, 8, 12),
                  Tensors.ofFloats(sigmas, sigmas.length));
      return denoised
          .sub(Tensors.ofFloats(clean, images.size(), 1, 8, 12))
          .square()
          .mean()
          .item_double();
    }
  }

  @Test
  void aSmallerSampleIsPartOfALargerOne() {
    List<Long> few = images(MODEL, 5).stream().map(LabelledImage::index).toList();
    List<Long> more = images(MODEL, 12).stream().map(LabelledImage::index).toList();
    assertThat(more).containsAll(few).doesNotHaveDuplicates();
  }

  @Test
  void theStandardErrorIsThatOfTheMeanOverImages() {
    ValidationResult result = ValidationResult.of(new double[][] {{1, 3}, {2, 4}, {3, 8}, {4, 3}});
    assertThat(result.loss()).isCloseTo(3.5, within(1e-12)); // of 2, 3, 5.5, 3.5
    assertThat(result.standardError()).isCloseTo(Math.sqrt(6.5 / 3 / 4), within(1e-12));
    assertThat(result.byLevel()).containsExactly(2.5, 4.5);
  }

  @Test
  void levelsAreTheMiddlesOfEqualPartsOfTheDensity() {
    // ln sigma is normal, and the levels are symmetric about its mean.
    Config config =
        Config.parse(
            TinyModel.CONFIG
                .toJson()
                .replaceFirst(
                    "\"sigma_sample_density\"\\s*:\\s*\\{[^}]*\\}",
                    "\"sigma_sample_density\": {\"type\": \"lognormal\", \"loc\": -1, \"scale\":"
                        + " 2}"),
            "test");
    List<Double> logs =
        ValidationLevels.of(config.model().diffusion()).sigmas().stream().map(Math::log).toList();
    assertThat(logs).hasSize(8).isSorted();
    assertThat((logs.get(0) + logs.get(7)) / 2).isCloseTo(-1, within(1e-6));
    assertThat((logs.get(4) + 1) / 2).isCloseTo(0.1573107, within(1e-6)); // the 9/16 quantile
  }

  @Test
  void imagesThatCannotBeReadAreNamedAndPassedOver() {
    ValidationImages images =
        new ValidationImages(MODEL, new Damaged(3), ImageVectors.none(IMAGES), 21);
    try (Parameters weights = Parameters.initial(MODEL, 3)) {
      weights.freeze();
      ValidationResult result =
          new ValidationLoss(MODEL, weights, kernels(), ValidationLevels.of(MODEL.diffusion()))
              .over(images, 4, done -> {});
      assertThat(result.images()).isEqualTo(18);
    }
    assertThat(images.skipped()).hasSize(3).containsEntry("image 0", "it is torn");
  }

  @Test
  void aSetOfWhichNothingCanBeReadIsRefused() {
    ValidationImages images =
        new ValidationImages(MODEL, new Damaged(21), ImageVectors.none(IMAGES), 21);
    try (Parameters weights = Parameters.initial(MODEL, 3)) {
      ValidationLoss loss =
          new ValidationLoss(MODEL, weights, kernels(), ValidationLevels.of(MODEL.diffusion()));
      assertThatThrownBy(() -> loss.over(images, 4, done -> {}))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("None of the 21 images held out can be read")
          .hasMessageContaining("it is torn");
    }
  }

  /** Of which the first few cannot be read. */
  private record Damaged(int count) implements ImageDataset {

    @Override
    public int size() {
      return IMAGES.size();
    }

    @Override
    public DecodedImage decode(int index) throws CorruptImageException {
      if (index < count) {
        throw new CorruptImageException(name(index), "it is torn");
      }
      return IMAGES.decode(index);
    }

    @Override
    public int label(int index) {
      return IMAGES.label(index);
    }

    @Override
    public String name(int index) {
      return IMAGES.name(index);
    }

    @Override
    public List<String> classNames() {
      return IMAGES.classNames();
    }
  }
}
