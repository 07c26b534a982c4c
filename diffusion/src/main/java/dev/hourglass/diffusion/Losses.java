package dev.hourglass.diffusion;

import dev.hourglass.config.DiffusionConfig;
import dev.hourglass.config.LossConfig;
import dev.hourglass.config.Size;
import dev.hourglass.config.objective.Karras;
import dev.hourglass.config.objective.Scales;
import dev.hourglass.config.objective.Snr;
import dev.hourglass.config.objective.SoftMinSnr;
import dev.hourglass.config.objective.Weighting;
import dev.hourglass.tensor.Tensors;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The training losses, per image and differentiable with respect to whatever the network holds.
 *
 * <p>All but one are weighted squared errors of the denoised image: {@code w0(sigma) mean((D -
 * x0)^2)} with one of the {@link Weighting}s. They are computed from the error of the network's own
 * output, {@code w mean((F - target)^2)} with {@code w = w0 c_out^2}, whatever the {@link
 * Preconditioning}.
 *
 * <p>simple is the unweighted loss of the noise prediction, {@code mean((eps - noise)^2)} with
 * {@code eps = (x - D(x, sigma)) / sigma} (Ho et al., "Denoising diffusion probabilistic models",
 * 2020, eq. 14).
 */
public final class Losses {

  private final LossConfig loss;
  private final Preconditioning preconditioning;
  private final Scales scales;
  private final Map<Size, FrequencyWeights> frequencies = new ConcurrentHashMap<>();

  /** That of a config. */
  public static Losses of(DiffusionConfig diffusion) {
    return new Losses(diffusion.loss(), Preconditioning.of(diffusion), diffusion.scales());
  }

  /**
   * A loss around any preconditioning.
   *
   * @param scales those of the preconditioning
   */
  public Losses(LossConfig loss, Preconditioning preconditioning, Scales scales) {
    this.loss = loss;
    this.preconditioning = preconditioning;
    this.scales = scales;
  }

  /**
   * The loss of each image.
   *
   * @return [n]
   */
  public Tensor perImage(Network network, NoisyImages images) {
    return switch (loss) {
      case LossConfig.Weighted(Weighting weighting, double frequencyScales) -> {
        Tensor errors = outputError(network, images);
        Tensor squares =
            frequencyScales == LossConfig.ALL_FREQUENCIES
                ? errors.square()
                : frequencyWeights(errors, frequencyScales).weightedSquares(errors);
        Tensor means = imageMean(squares);
        yield weight(weighting, images.sigma()).map(means::mul).orElse(means);
      }
      case LossConfig.Simple() -> noiseError(network, images);
    };
  }

  /** Those of the size of the errors, [n, c, h, w]; training has but one. */
  private FrequencyWeights frequencyWeights(Tensor errors, double scales) {
    Size size = new Size(Math.toIntExact(errors.size(2)), Math.toIntExact(errors.size(3)));
    return frequencies.computeIfAbsent(
        size, s -> new FrequencyWeights(s.height(), s.width(), scales));
  }

  /** F - target, [n, c, h, w]. */
  private Tensor outputError(Network network, NoisyImages images) {
    Tensor cIn = Preconditioning.overImages(preconditioning.cIn(images.sigma()));
    return network
        .apply(images.noisy().mul(cIn), images.sigma())
        .sub(preconditioning.target(images));
  }

  /** mean((eps - noise)^2) over each image, [n]. */
  private Tensor noiseError(Network network, NoisyImages images) {
    Tensor denoised = preconditioning.denoise(network, images.noisy(), images.sigma());
    Tensor eps = images.noisy().sub(denoised).div(Preconditioning.overImages(images.sigma()));
    return imageMean(eps.sub(images.noise()).square());
  }

  /**
   * w0 c_out^2 of each noise level, [n]; nothing where it is 1 everywhere. Three of Karras'
   * preconditioning are simple fractions, computed in the type of sigma; all others in double.
   */
  private Optional<Tensor> weight(Weighting weighting, Tensor sigma) {
    if (preconditioning instanceof Preconditioning.Karras karras) {
      switch (weighting) {
        case Karras() -> {
          return Optional.empty();
        }
        case SoftMinSnr() -> {
          return Optional.of(softMinSnr(karras, sigma));
        }
        case Snr(boolean adjusted) when !adjusted -> {
          return Optional.of(karras.cSkip(sigma));
        }
        default -> {}
      }
    }
    double[] cOut = Tensors.toDoubles(preconditioning.cOut(sigma.to(ScalarType.Double)));
    double[] sigmas = Tensors.toDoubles(sigma);
    double[] weights = new double[sigmas.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = weighting.at(sigmas[i], scales) * cOut[i] * cOut[i];
    }
    return Optional.of(Tensors.ofDoubles(weights, weights.length).to(sigma.scalar_type()));
  }

  /** (sigma sd)^2 / (sigma^2 + sd^2)^2, [n] (Crowson et al. 2024, section 3.4). */
  private static Tensor softMinSnr(Preconditioning.Karras karras, Tensor sigma) {
    double sd = karras.sigmaData();
    return sigma.mul(new Scalar(sd)).div(sigma.square().add(new Scalar(sd * sd))).square();
  }

  private static Tensor imageMean(Tensor images) {
    return images.flatten(1, -1).mean(1);
  }
}
