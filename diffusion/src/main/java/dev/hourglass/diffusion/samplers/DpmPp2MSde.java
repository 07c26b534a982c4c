package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.Step;
import org.bytedeco.pytorch.Tensor;

/**
 * DPM-Solver++(2M) for the stochastic equation (Lu et al., "DPM-Solver++", 2022, appendix on
 * SDE-DPM-Solver++). With h the length of the step in log sigma, k = h (1 + eta), r = h_previous /
 * h:
 *
 * <pre>
 *   x' = sigma' / sigma e^(-eta h) x + (1 - e^(-k)) D + c (D - D_previous) / r
 *        + sigma' sqrt(1 - e^(-2 eta h)) noise
 *   c  = (1 - e^(-k)) / 2            midpoint
 *   c  = 1 - (1 - e^(-k)) / k        heun
 * </pre>
 *
 * The first step has no c term; the step to 0 gives D.
 */
public final class DpmPp2MSde extends GridSampler {

  /** How the change of D over a step is weighed; both are of second order. */
  public enum Solver {
    MIDPOINT,
    HEUN
  }

  private final Solver solver;
  private final double eta;
  private final double sNoise;

  /**
   * @param eta 0 for no noise, 1 for the full reverse-time equation
   * @param sNoise scales the noise, 1 as a rule
   */
  public DpmPp2MSde(Solver solver, double eta, double sNoise) {
    this.solver = solver;
    this.eta = requireNotNegative("eta", eta);
    this.sNoise = requireNotNegative("s_noise", sNoise);
  }

  @Override
  public String name() {
    return switch (solver) {
      case MIDPOINT -> "dpmpp-2m-sde-midpoint";
      case HEUN -> "dpmpp-2m-sde-heun";
    };
  }

  @Override
  public NoiseKind noiseKind() {
    return eta == 0 ? NoiseKind.NONE : NoiseKind.BROWNIAN;
  }

  @Override
  int evaluationsPerStep() {
    return 1;
  }

  @Override
  int memory() {
    return 1;
  }

  @Override
  Tensor step(Step step) {
    Tensor denoised = step.denoiseAndReport(step.x(), step.sigma());
    if (step.isLast()) {
      return denoised;
    }
    double h = step.length();
    double k = h * (1 + eta);
    Tensor x = Linear.sum(Math.exp(-k), step.x(), -Math.expm1(-k), denoised);
    if (step.remembered() == 1) {
      double change =
          switch (solver) {
            case MIDPOINT -> -Math.expm1(-k) / 2;
            case HEUN -> 1 + Math.expm1(-k) / k;
          };
      double overR = h / step.length(1);
      x = Linear.sum(1, x, change * overR, denoised, -change * overR, step.earlier(0));
    }
    step.remember(denoised);
    return addNoise(step, x, eta, sNoise);
  }

  /** x plus the noise of the stochastic equation over the step. */
  static Tensor addNoise(Step step, Tensor x, double eta, double sNoise) {
    if (eta == 0) {
      return x;
    }
    double deviation = step.next() * Math.sqrt(-Math.expm1(-2 * eta * step.length())) * sNoise;
    return Linear.plus(x, deviation, step.noise(step.sigma(), step.next()));
  }
}
