package dev.hourglass.sampling;

import dev.hourglass.diffusion.constraint.Constraint;
import dev.hourglass.diffusion.noise.BrownianNoise;
import dev.hourglass.diffusion.noise.ImageNoise;
import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.sampling.denoise.ClassMixture;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** What images are made from: the noise of a seed, given noise, or other images. */
public sealed interface Origin permits Origin.SeedNoise, Latents, Edit, Interpolation {

  /** The noise of the seed alone. */
  record SeedNoise() implements Origin {}

  /** The noise of variance 1 that the images start from, {@code [n, c, h, w]}. */
  default Tensor noise(DrawnBatch batch) {
    return ImageNoise.initial(batch.seed(), batch.indices(), batch.shape());
  }

  /**
   * The noise that a sampler adds on its way.
   *
   * @param low the lowest noise level above 0
   * @param high the highest
   */
  default NoiseSource steps(NoiseKind kind, double low, double high, DrawnBatch batch) {
    return switch (kind) {
      case NONE, INDEPENDENT -> new ImageNoise(batch.seed(), batch.indices(), batch.shape());
      case BROWNIAN -> new BrownianNoise(batch.seed(), batch.indices(), low, high, batch.shape());
    };
  }

  /** The first of the steps that are made; if it is their number, none is. */
  default int firstStep(int steps) {
    return 0;
  }

  /**
   * What the first step starts from.
   *
   * @param noise of the first noise level, {@code [n, c, h, w]}
   */
  default Tensor start(Tensor noise, DrawnBatch batch) {
    return noise;
  }

  /** What the images must agree with; its tensors belong to the present scope. */
  default Optional<Constraint> constraint(DrawnBatch batch) {
    return Optional.empty();
  }

  /** How often each step is made. */
  default int repeats() {
    return 1;
  }

  /** The class or classes that an image is drawn of. */
  default ClassMixture classes(SampleRequest request, long index, int numClasses) {
    return ClassMixture.of(request.classOf(index, numClasses));
  }
}
