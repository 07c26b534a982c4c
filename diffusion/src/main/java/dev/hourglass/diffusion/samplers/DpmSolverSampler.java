package dev.hourglass.diffusion.samplers;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.diffusion.samplers.step.AncestralStep;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import org.bytedeco.pytorch.Tensor;

/**
 * DPM-Solver (Lu et al., "DPM-Solver: a fast ODE solver for diffusion probabilistic model sampling
 * in around 10 steps", 2022). It chooses its own steps in t = -log sigma between the first and the
 * last noise level above 0 of the grid, and ends at the latter: what is left of the noise there
 * stays in the images.
 *
 * <p>Time and every coefficient made from it are float32, as in the reference solver whose results
 * these samplers reproduce. It shows: the first errors that dpm-adaptive sees are little more than
 * rounding errors, and the steps it derives from them change the fourth digit of its images.
 */
abstract sealed class DpmSolverSampler extends Sampler permits DpmFast, DpmAdaptive {

  private final double eta;
  private final double sNoise;

  DpmSolverSampler(double eta, double sNoise) {
    this.eta = requireNotNegative("eta", eta);
    this.sNoise = requireNotNegative("s_noise", sNoise);
  }

  final double eta() {
    return eta;
  }

  @Override
  final Tensor solve(
      Denoiser denoiser,
      Tensor x,
      double[] sigmas,
      NoiseSource noise,
      Repeats repeats,
      SamplerListener listener) {
    if (repeats.times() > 1) {
      throw new InputException(
          "The sampler %s chooses its own steps and cannot repeat them; choose another, such as heun."
              .formatted(name()));
    }
    return solve(denoiser, x, sigmas, noise, listener);
  }

  abstract Tensor solve(
      Denoiser denoiser, Tensor x, double[] sigmas, NoiseSource noise, SamplerListener listener);

  @Override
  public final NoiseKind noiseKind() {
    return eta == 0 ? NoiseKind.NONE : NoiseKind.INDEPENDENT;
  }

  /** The interval of t that a grid of noise levels spans. */
  record Interval(float start, float end) {

    static Interval of(double[] sigmas, String sampler) {
      float start = time((float) sigmas[0]);
      float end = time((float) sigmas[Math.max(0, sigmas.length - 2)]);
      if (!(end > start) || !Float.isFinite(end - start)) {
        throw new InputException(
            "The sampler %s needs at least 2 steps and a sigma_min below sigma_max in float32."
                .formatted(sampler));
      }
      return new Interval(start, end);
    }
  }

  /** t = -log sigma. */
  static float time(double sigma) {
    return (float) -Math.log(sigma);
  }

  /** The noise level at a time. */
  static float sigma(float t) {
    return (float) Math.exp(-t);
  }

  /** Where the solver goes in a step that ends at {@code next} and the noise it then adds. */
  record Target(float t, double deviation) {}

  /** Splits a step like {@link AncestralStep}, but never goes beyond {@code end}. */
  final Target target(float t, float next, float end) {
    if (eta == 0) {
      return new Target(next, 0);
    }
    double sigmaNext = sigma(next);
    float down = Math.min(end, time(AncestralStep.of(sigma(t), sigmaNext, eta).down()));
    double sigmaDown = sigma(down);
    double variance = Math.max(0, sigmaNext * sigmaNext - sigmaDown * sigmaDown);
    return new Target(down, sNoise * Math.sqrt(variance));
  }
}
