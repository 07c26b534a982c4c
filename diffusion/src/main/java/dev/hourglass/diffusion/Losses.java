package dev.hourglass.diffusion;

import dev.hourglass.config.LossConfig;
import dev.hourglass.config.weighting.AdjustedSoftMinSnr;
import dev.hourglass.config.weighting.Karras;
import dev.hourglass.config.weighting.MinSnr;
import dev.hourglass.config.weighting.Snr;
import dev.hourglass.config.weighting.SoftMinSnr;
import dev.hourglass.config.weighting.Weighting;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The training losses, per image and differentiable with respect to whatever the network holds.
 *
 * <p>All but one are weighted squared errors of the denoised image: {@code w0(sigma) mean((D -
 * x0)^2)} with one of the {@link Weighting}s. They are computed from the error of the network's own
 * output, {@code w mean((F - target)^2)} with {@code target = (x0 - c_skip x) / c_out} and {@code w
 * = w0 c_out^2}, which for the three of the authors' code is
 *
 * <ul>
 *   <li>karras: w = 1 (Karras et al. 2022, eq. 8 with their lambda);
 *   <li>soft-min-snr: w = (sigma sd)^2 / (sigma^2 + sd^2)^2 (Crowson et al. 2024, section 3.4);
 *   <li>snr: w = sd^2 / (sigma^2 + sd^2).
 * </ul>
 *
 * simple is the unweighted loss of the noise prediction, {@code mean((eps - noise)^2)} with {@code
 * eps = (x - D(x, sigma)) / sigma} (Ho et al., "Denoising diffusion probabilistic models", 2020,
 * eq. 14).
 */
public final class Losses {

  private Losses() {}

  /**
   * The loss of each image.
   *
   * @param x0 clean images, [n, c, h, w]
   * @param noise standard normal, [n, c, h, w]
   * @param sigma noise levels above 0, [n]
   * @return [n]
   */
  public static Tensor perImage(
      LossConfig loss,
      Preconditioning preconditioning,
      Network network,
      Tensor x0,
      Tensor noise,
      Tensor sigma) {
    Tensor x = x0.add(noise.mul(Preconditioning.overImages(sigma)));
    return switch (loss) {
      case LossConfig.Weighted(Weighting weighting) ->
          weighted(
              weighting,
              preconditioning,
              sigma,
              outputError(preconditioning, network, x0, x, sigma));
      case LossConfig.Simple() -> noiseError(preconditioning, network, x, noise, sigma);
    };
  }

  /** The errors of the network's output, [n], each times w0 c_out^2 of its noise level. */
  private static Tensor weighted(
      Weighting weighting, Preconditioning preconditioning, Tensor sigma, Tensor errors) {
    return switch (weighting) {
      case Karras() -> errors;
      case SoftMinSnr() -> errors.mul(softMinSnrWeight(preconditioning, sigma));
      case Snr(boolean adjusted) when !adjusted -> errors.mul(preconditioning.cSkip(sigma));
      case Snr _, MinSnr _, AdjustedSoftMinSnr _ ->
          errors.mul(outputWeight(weighting, preconditioning, sigma));
    };
  }

  /** mean((F - target)^2) over each image, [n]. */
  private static Tensor outputError(
      Preconditioning preconditioning, Network network, Tensor x0, Tensor x, Tensor sigma) {
    Tensor cIn = Preconditioning.overImages(preconditioning.cIn(sigma));
    Tensor cSkip = Preconditioning.overImages(preconditioning.cSkip(sigma));
    Tensor cOut = Preconditioning.overImages(preconditioning.cOut(sigma));
    Tensor target = x0.sub(x.mul(cSkip)).div(cOut);
    return imageMean(network.apply(x.mul(cIn), sigma).sub(target).square());
  }

  /** mean((eps - noise)^2) over each image, [n]. */
  private static Tensor noiseError(
      Preconditioning preconditioning, Network network, Tensor x, Tensor noise, Tensor sigma) {
    Tensor denoised = preconditioning.denoise(network, x, sigma);
    Tensor eps = x.sub(denoised).div(Preconditioning.overImages(sigma));
    return imageMean(eps.sub(noise).square());
  }

  /** w0 c_out^2, [n]; computed in double, whatever the type of sigma. */
  private static Tensor outputWeight(
      Weighting weighting, Preconditioning preconditioning, Tensor sigma) {
    double[] weights =
        Arrays.stream(Tensors.toDoubles(sigma))
            .map(
                s -> {
                  double cOut = preconditioning.cOut(s);
                  return weighting.at(s, preconditioning.sigmaData()) * cOut * cOut;
                })
            .toArray();
    return Tensors.ofDoubles(weights, weights.length).to(sigma.scalar_type());
  }

  private static Tensor softMinSnrWeight(Preconditioning preconditioning, Tensor sigma) {
    double sigmaData = preconditioning.sigmaData();
    return sigma
        .mul(new Scalar(sigmaData))
        .div(preconditioning.variance(sigma))
        .square(); // (sigma sd)^2 / (sigma^2 + sd^2)^2
  }

  private static Tensor imageMean(Tensor images) {
    return images.flatten(1, -1).mean(1);
  }
}
