package dev.hourglass.training.validation;

import dev.hourglass.config.LossConfig;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.diffusion.Losses;
import dev.hourglass.diffusion.NoisyImages;
import dev.hourglass.diffusion.Preconditioning;
import dev.hourglass.kernels.random.NormalNumbers;
import dev.hourglass.model.Conditioning;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.ops.Ops;
import dev.hourglass.sampling.ImageConditions;
import dev.hourglass.sampling.LabelledImage;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The weighted squared error of the denoised image on held-out images, each at all of some fixed
 * noise levels:
 *
 * <pre>
 *   mean over images i and levels l of  w0(sigma_l) mean((D(x_i + sigma_l n_il, sigma_l) - x_i)^2)
 * </pre>
 *
 * The noise n_il follows from the number of the image and that of the level, so the loss depends on
 * weights and images alone, up to rounding: not on batches, order, threads or a run's seed. Images
 * are not augmented, and each has its class.
 */
public final class ValidationLoss {

  /** Models are compared under the same noise. */
  private static final long SEED = 0;

  private final ModelConfig model;
  private final HourglassTransformer network;
  private final ValidationLevels levels;
  private final Losses losses;

  /**
   * Of a model.
   *
   * @param weights not owned; best the averaged ones
   */
  public ValidationLoss(ModelConfig model, Parameters weights, Ops ops, ValidationLevels levels) {
    this.model = model;
    this.network = new HourglassTransformer(model, weights, ops);
    this.levels = levels;
    this.losses =
        new Losses(
            new LossConfig.Weighted(levels.weighting(), LossConfig.ALL_FREQUENCIES),
            Preconditioning.of(model.diffusion()),
            levels.scales());
  }

  /**
   * Measures.
   *
   * @param batchSize images at once; without effect but on speed and memory
   * @param listener is told how many images are done
   * @throws dev.hourglass.core.InputException if no image can be read
   */
  public ValidationResult over(ValidationImages images, int batchSize, IntConsumer listener) {
    List<double[]> byImage = new ArrayList<>();
    for (int from = 0; from < images.size(); from += batchSize) {
      List<LabelledImage> batch = images.read(from, Math.min(images.size(), from + batchSize));
      if (!batch.isEmpty()) {
        byImage.addAll(List.of(batchLosses(batch)));
      }
      listener.accept(Math.min(images.size(), from + batchSize));
    }
    if (byImage.isEmpty()) {
      throw images.unreadable();
    }
    return ValidationResult.of(byImage.toArray(double[][]::new));
  }

  /** [n][levels]. */
  private double[][] batchLosses(List<LabelledImage> batch) {
    double[][] results = new double[batch.size()][levels.sigmas().size()];
    try (PointerScope scope = new PointerScope()) {
      Conditioning conditioning = ImageConditions.of(model, batch);
      long[] shape = {
        batch.size(), model.inputChannels(), model.inputSize().height(), model.inputSize().width()
      };
      Tensor clean = Tensors.ofFloats(pixels(batch), shape); // [n, c, h, w]
      for (int level = 0; level < levels.sigmas().size(); level++) {
        double[] losses = levelLosses(batch, clean, conditioning, level);
        for (int i = 0; i < losses.length; i++) {
          results[i][level] = losses[i];
        }
      }
    }
    return results;
  }

  private double[] levelLosses(
      List<LabelledImage> batch, Tensor clean, Conditioning conditioning, int level) {
    try (PointerScope scope = new PointerScope()) {
      float[] sigma = new float[batch.size()];
      Arrays.fill(sigma, levels.sigmas().get(level).floatValue());
      Tensor noise =
          Tensors.ofFloats(
              noise(batch, level, Math.toIntExact(clean.numel() / batch.size())),
              Tensors.shape(clean));
      return Tensors.toDoubles(
          losses.perImage(
              (input, sigmas) ->
                  network.forward(input, sigmas, conditioning, TrainingPass.SAMPLING),
              NoisyImages.of(clean, noise, Tensors.ofFloats(sigma, sigma.length))));
    }
  }

  private static float[] pixels(List<LabelledImage> batch) {
    int each = batch.getFirst().pixels().length;
    float[] pixels = new float[batch.size() * each];
    for (int i = 0; i < batch.size(); i++) {
      System.arraycopy(batch.get(i).pixels(), 0, pixels, i * each, each);
    }
    return pixels;
  }

  private static float[] noise(List<LabelledImage> batch, int level, int each) {
    float[] noise = new float[batch.size() * each];
    IntStream.range(0, batch.size())
        .parallel()
        .forEach(
            i ->
                NormalNumbers.fill(
                    RandomStream.of(SEED, Purpose.VALIDATION_NOISE, batch.get(i).index(), level),
                    noise,
                    i * each,
                    (i + 1) * each));
    return noise;
  }
}
