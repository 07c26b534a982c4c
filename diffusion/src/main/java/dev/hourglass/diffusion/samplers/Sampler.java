package dev.hourglass.diffusion.samplers;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Torch;
import java.util.Arrays;
import java.util.OptionalInt;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Turns noise into images: solves the probability flow {@code dx/dsigma = (x - D(x, sigma)) /
 * sigma} (Karras et al. 2022, eq. 4) or the equivalent stochastic equation from a high noise level
 * to none. Samplers are immutable and may be shared between threads.
 */
public abstract sealed class Sampler permits GridSampler, DpmSolverSampler {

  /** The name in {@link Samplers}. */
  public abstract String name();

  /** Evaluations of the denoiser in a run of {@code steps} steps; empty if the images decide. */
  public abstract OptionalInt evaluations(int steps);

  /** The noise that {@link #sample} draws. */
  public abstract NoiseKind noiseKind();

  /**
   * Whether an image depends on the others of its batch, as it does where a step size follows from
   * an error over all of them. Such images must be sampled one by one to be reproducible.
   */
  public boolean couplesImages() {
    return false;
  }

  /**
   * Samples a batch, without recording gradients.
   *
   * @param x noise of standard deviation {@code sigmas[0]}, [n, c, h, w]
   * @param sigmas decreasing noise levels, the last one 0, as a {@link
   *     dev.hourglass.diffusion.SigmaSchedule} gives them
   * @param noise asked for noise in the order of the steps; unused if {@link #noiseKind()} is NONE
   * @return images, the shape and type of {@code x}
   * @throws InputException if the noise levels are not as described
   */
  public final Tensor sample(
      Denoiser denoiser, Tensor x, double[] sigmas, NoiseSource noise, SamplerListener listener) {
    return sample(denoiser, x, sigmas, noise, Repeats.NONE, listener);
  }

  /**
   * The same with steps repeated.
   *
   * @throws InputException also if the sampler chooses its own steps, and cannot repeat them
   */
  public final Tensor sample(
      Denoiser denoiser,
      Tensor x,
      double[] sigmas,
      NoiseSource noise,
      Repeats repeats,
      SamplerListener listener) {
    Torch.start();
    double[] levels = checked(sigmas);
    return Scope.of(
        () -> {
          try (NoGradGuard _ = new NoGradGuard()) {
            return solve(denoiser, x, levels, noise, repeats, listener);
          }
        });
  }

  abstract Tensor solve(
      Denoiser denoiser,
      Tensor x,
      double[] sigmas,
      NoiseSource noise,
      Repeats repeats,
      SamplerListener listener);

  private static double[] checked(double[] sigmas) {
    boolean good = sigmas.length >= 2 && sigmas[sigmas.length - 1] == 0;
    for (int i = 1; good && i < sigmas.length; i++) {
      good = sigmas[i] < sigmas[i - 1] && Double.isFinite(sigmas[i - 1]);
    }
    if (!good) {
      throw new InputException(
          "A sampler needs noise levels that decrease and end with 0, not %s; give more distinct sigma_min and sigma_max or fewer steps."
              .formatted(Arrays.toString(sigmas)));
    }
    return sigmas.clone();
  }

  static double requireNotNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new InputException(
          "The sampler option %s must be a number of at least 0, not %s.".formatted(name, value));
    }
    return value;
  }
}
