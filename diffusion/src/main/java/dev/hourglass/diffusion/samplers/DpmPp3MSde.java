package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.Step;
import org.bytedeco.pytorch.Tensor;

/**
 * DPM-Solver++(3M) for the stochastic equation: the multistep solver of Lu et al., "DPM-Solver++",
 * 2022, on three evaluations; the sampler of Crowson et al. 2024. With h the length of the step in
 * log sigma, k = h (1 + eta), r0 = h_1 / h, r1 = h_2 / h for the two steps before:
 *
 * <pre>
 *   d10 = (D - D_1) / r0,  d11 = (D_1 - D_2) / r1
 *   d1  = d10 + (d10 - d11) r0 / (r0 + r1),  d2 = (d10 - d11) / (r0 + r1)
 *   x'  = e^(-k) x + (1 - e^(-k)) D + phi2 d1 - phi3 d2 + sigma' sqrt(1 - e^(-2 eta h)) noise
 *   phi2 = (e^(-k) - 1) / k + 1,  phi3 = phi2 / k - 1/2
 * </pre>
 *
 * The second step has {@code phi2 d10} only, the first neither; the step to 0 gives D. A Taylor
 * expansion would have {@code 2 phi3 d2}: as published, and kept here so that images are the same,
 * the solver is of second order, but with a third of the error of {@link DpmPp2MSde}.
 */
public final class DpmPp3MSde extends GridSampler {

  private final double eta;
  private final double sNoise;

  /**
   * @param eta 0 for no noise, 1 for the full reverse-time equation
   * @param sNoise scales the noise, 1 as a rule
   */
  public DpmPp3MSde(double eta, double sNoise) {
    this.eta = requireNotNegative("eta", eta);
    this.sNoise = requireNotNegative("s_noise", sNoise);
  }

  @Override
  public String name() {
    return "dpmpp-3m-sde";
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
    return 2;
  }

  @Override
  Tensor step(Step step) {
    Tensor denoised = step.denoiseAndReport(step.x(), step.sigma());
    if (step.isLast()) {
      return denoised;
    }
    double h = step.length();
    double k = h * (1 + eta);
    double phi2 = Math.expm1(-k) / k + 1;
    Tensor x = Linear.sum(Math.exp(-k), step.x(), -Math.expm1(-k), denoised);
    if (step.remembered() == 1) {
      x = Linear.plus(x, phi2, quotient(denoised, step.earlier(0), step.length(1) / h));
    } else if (step.remembered() == 2) {
      double phi3 = phi2 / k - 0.5;
      double r0 = step.length(1) / h;
      double r1 = step.length(2) / h;
      Tensor d10 = quotient(denoised, step.earlier(0), r0);
      Tensor d11 = quotient(step.earlier(0), step.earlier(1), r1);
      Tensor d2 = quotient(d10, d11, r0 + r1);
      // d1 = d10 + r0 d2
      x = Linear.sum(1, x, phi2, d10, phi2 * r0 - phi3, d2);
    }
    step.remember(denoised);
    return DpmPp2MSde.addNoise(step, x, eta, sNoise);
  }

  /** (a - b) / r, a divided difference. */
  private static Tensor quotient(Tensor a, Tensor b, double r) {
    return Linear.sum(1 / r, a, -1 / r, b);
  }
}
