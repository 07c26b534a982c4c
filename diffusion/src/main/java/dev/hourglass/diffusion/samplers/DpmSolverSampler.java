package dev.hourglass.diffusion.samplers;

import dev.hourglass.InputException;

/**
 * DPM-Solver (Lu et al., "DPM-Solver: a fast ODE solver for diffusion probabilistic model sampling
 * in around 10 steps", 2022). It chooses its own steps in t = -log sigma between the first and the
 * last noise level above 0 of the grid, and ends at the latter: what is left of the noise there
 * stays in the images.
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
  public final NoiseKind noiseKind() {
    return eta == 0 ? NoiseKind.NONE : NoiseKind.INDEPENDENT;
  }

  /** The interval of t that a grid of noise levels spans. */
  record Interval(double start, double end) {

    static Interval of(double[] sigmas, String sampler) {
      if (sigmas.length < 3) {
        throw new InputException(
            "The sampler %s needs sigma_min below sigma_max and at least 2 steps."
                .formatted(sampler));
      }
      return new Interval(-Math.log(sigmas[0]), -Math.log(sigmas[sigmas.length - 2]));
    }
  }

  /** Where the solver goes in a step that ends at {@code next} and the noise it then adds. */
  record Target(double t, double deviation) {}

  /** Splits a step like {@link AncestralStep}, but never goes beyond {@code end}. */
  final Target target(double t, double next, double end) {
    if (eta == 0) {
      return new Target(next, 0);
    }
    double sigmaNext = Math.exp(-next);
    double down = Math.min(end, -Math.log(AncestralStep.of(Math.exp(-t), sigmaNext, eta).down()));
    double sigmaDown = Math.exp(-down);
    double variance = Math.max(0, sigmaNext * sigmaNext - sigmaDown * sigmaDown);
    return new Target(down, sNoise * Math.sqrt(variance));
  }
}
