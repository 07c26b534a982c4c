package dev.hourglass.sampling;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.diffusion.Preconditioning;
import dev.hourglass.diffusion.ode.ImageDensity;
import dev.hourglass.diffusion.ode.Likelihood;
import dev.hourglass.diffusion.ode.NoiseRange;
import dev.hourglass.diffusion.ode.Tolerance;
import dev.hourglass.model.Conditioning;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.ops.Ops;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Log-densities of images under the model of a checkpoint, between its sigma_min and sigma_max. An
 * image's is a function of (weights, tolerance, seed, index), up to rounding.
 */
public final class ImageLikelihood implements AutoCloseable {

  private final ModelConfig model;
  private final Parameters weights;
  private final HourglassTransformer network;
  private final Preconditioning preconditioning;

  /** With the averaged weights of a file, computed by {@code ops}: best in float32. */
  public ImageLikelihood(ModelFile file, Ops ops) {
    this.model = file.config().model();
    this.weights = file.averagedWeights();
    this.network = new HourglassTransformer(model, weights, ops);
    this.preconditioning = Preconditioning.of(model.diffusion());
  }

  /**
   * The densities of a batch of images of the model's size, in the same order.
   *
   * @param seed of the estimate of the divergence
   */
  public List<ImageDensity> of(
      List<LabelledImage> images, Tolerance tolerance, long seed, Likelihood.Listener listener) {
    Likelihood likelihood =
        new Likelihood(
            (active, x, sigmas) -> denoise(images, active, x, sigmas),
            NoiseRange.of(model.diffusion()),
            tolerance,
            model.inputChannels(),
            model.inputSize().height(),
            model.inputSize().width());
    return likelihood.of(
        images.stream().map(image -> doubles(image.pixels())).toArray(double[][]::new),
        seed,
        images.stream().mapToLong(LabelledImage::index).toArray(),
        listener);
  }

  private Tensor denoise(List<LabelledImage> images, int[] active, Tensor x, double[] sigmas) {
    List<LabelledImage> batch = Arrays.stream(active).mapToObj(images::get).toList();
    Conditioning conditioning = ImageConditions.of(model, batch);
    return preconditioning.denoise(
        (input, levels) -> network.forward(input, levels, conditioning, TrainingPass.SAMPLING),
        x.to(ScalarType.Float),
        Tensors.ofDoubles(sigmas, sigmas.length).to(ScalarType.Float));
  }

  private static double[] doubles(float... values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  @Override
  public void close() {
    weights.close();
  }
}
