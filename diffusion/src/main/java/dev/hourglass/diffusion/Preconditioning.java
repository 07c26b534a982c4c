package dev.hourglass.diffusion;

import dev.hourglass.config.DiffusionConfig;
import dev.hourglass.config.objective.Scales;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * What the network F predicts, and how that becomes a denoised image:
 *
 * <pre>
 *   D(x, sigma) = c_skip x + c_out F(c_in x, sigma)
 * </pre>
 *
 * Noise levels are tensors [n], and so are the coefficients. The network embeds sigma itself, so
 * there is no c_noise here. Written below: sd for sigma_data, s for the noise scale, x0 for the
 * clean image, {@code x = x0 + sigma noise} for the noisy one.
 */
public sealed interface Preconditioning {

  /** c_skip of each noise level. */
  Tensor cSkip(Tensor sigma);

  /** c_out of each noise level. */
  Tensor cOut(Tensor sigma);

  /** c_in of each noise level. */
  Tensor cIn(Tensor sigma);

  /**
   * What a perfect network predicts, {@code (x0 - c_skip x) / c_out}, in the form that rounds
   * least.
   *
   * @param images clean and noisy ones, [n, c, h, w]
   */
  Tensor target(NoisyImages images);

  /** That of a config. */
  static Preconditioning of(DiffusionConfig diffusion) {
    Scales scales = diffusion.scales();
    return switch (diffusion.preconditioning()) {
      case KARRAS -> new Karras(scales.data());
      case EPSILON -> new Epsilon(scales.data());
      case X -> new X(scales.noise());
      case FLOW -> new Flow(scales.noise());
    };
  }

  /**
   * F is a mix of image and noise, its input and target at unit variance for every noise level
   * (Karras et al. 2022, table 1, column "Ours"): {@code c_skip = sd^2 / (sigma^2 + sd^2)}, {@code
   * c_out = sigma sd / sqrt(sigma^2 + sd^2)}, {@code c_in = 1 / sqrt(sigma^2 + sd^2)}.
   */
  record Karras(double sigmaData) implements Preconditioning {

    @Override
    public Tensor cSkip(Tensor sigma) {
      return variance(sigma, sigmaData).reciprocal().mul(new Scalar(sigmaData * sigmaData));
    }

    @Override
    public Tensor cOut(Tensor sigma) {
      return variance(sigma, sigmaData).rsqrt().mul(sigma).mul(new Scalar(sigmaData));
    }

    @Override
    public Tensor cIn(Tensor sigma) {
      return variance(sigma, sigmaData).rsqrt();
    }

    @Override
    public Tensor target(NoisyImages images) {
      Tensor sigma = images.sigma();
      return images
          .clean()
          .sub(images.noisy().mul(overImages(cSkip(sigma))))
          .div(overImages(cOut(sigma)));
    }
  }

  /**
   * F is the noise: {@code c_skip = 1}, {@code c_out = -sigma}, c_in as Karras (Ho et al. 2020).
   */
  record Epsilon(double sigmaData) implements Preconditioning {

    @Override
    public Tensor cSkip(Tensor sigma) {
      return sigma.new_ones(sigma.sizes());
    }

    @Override
    public Tensor cOut(Tensor sigma) {
      return sigma.neg();
    }

    @Override
    public Tensor cIn(Tensor sigma) {
      return variance(sigma, sigmaData).rsqrt();
    }

    @Override
    public Tensor target(NoisyImages images) {
      return images.noise();
    }
  }

  /**
   * F is the image: {@code c_skip = 0}, {@code c_out = 1}, {@code c_in = s / (s + sigma)} (Li and
   * He, "Back to basics: let denoising generative models denoise", 2025).
   */
  record X(double noiseScale) implements Preconditioning {

    @Override
    public Tensor cSkip(Tensor sigma) {
      return sigma.new_zeros(sigma.sizes());
    }

    @Override
    public Tensor cOut(Tensor sigma) {
      return sigma.new_ones(sigma.sizes());
    }

    @Override
    public Tensor cIn(Tensor sigma) {
      return time(sigma, noiseScale);
    }

    @Override
    public Tensor target(NoisyImages images) {
      return images.clean();
    }
  }

  /**
   * F is the velocity {@code s noise - x0} of flow matching, whose images are {@code t x0 + (1 - t)
   * s noise} at the time {@code t = s / (s + sigma)}: {@code c_skip = c_in = t}, {@code c_out = -(1
   * - t) = -sigma / (s + sigma)} (Lipman et al., "Flow matching for generative modeling", 2023).
   */
  record Flow(double noiseScale) implements Preconditioning {

    @Override
    public Tensor cSkip(Tensor sigma) {
      return time(sigma, noiseScale);
    }

    @Override
    public Tensor cOut(Tensor sigma) {
      return sigma.div(sigma.add(new Scalar(noiseScale))).neg();
    }

    @Override
    public Tensor cIn(Tensor sigma) {
      return time(sigma, noiseScale);
    }

    @Override
    public Tensor target(NoisyImages images) {
      return images.noise().mul(new Scalar(noiseScale)).sub(images.clean());
    }
  }

  /**
   * D(x, sigma) for a noise level per image.
   *
   * @param x [n, c, h, w]
   * @param sigma [n]
   */
  default Tensor denoise(Network network, Tensor x, Tensor sigma) {
    Tensor output = network.apply(x.mul(overImages(cIn(sigma))), sigma);
    return output.mul(overImages(cOut(sigma))).add(x.mul(overImages(cSkip(sigma))));
  }

  /** sigma^2 + sd^2: the variance of the noisy images. */
  private static Tensor variance(Tensor sigma, double sigmaData) {
    return sigma.square().add(new Scalar(sigmaData * sigmaData));
  }

  /** {@code t = s / (s + sigma)}: 1 for clean images, 0 for noise. */
  private static Tensor time(Tensor sigma, double noiseScale) {
    return sigma.add(new Scalar(noiseScale)).reciprocal().mul(new Scalar(noiseScale));
  }

  /** [n] as [n, 1, 1, 1], to multiply images with. */
  static Tensor overImages(Tensor perImage) {
    return perImage.reshape(-1, 1, 1, 1);
  }
}
