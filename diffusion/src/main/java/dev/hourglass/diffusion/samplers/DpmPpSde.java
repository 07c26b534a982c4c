package dev.hourglass.diffusion.samplers;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.samplers.step.AncestralStep;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.Step;
import org.bytedeco.pytorch.Tensor;

/**
 * DPM-Solver++ for the stochastic equation, single step (the 2S solver of Lu et al.,
 * "DPM-Solver++", 2022, with an {@link AncestralStep} to the intermediate and to the next level,
 * both driven by one Brownian path). The intermediate level s divides the step at r in log sigma:
 *
 * <pre>
 *   u  = step of D(x, sigma) to down(sigma, s), plus noise over [s, sigma]
 *   x' = step of (1 - 1/2r) D(x, sigma) + 1/2r D(u, s) to down(sigma, sigma'), plus noise over [sigma', sigma]
 * </pre>
 */
public final class DpmPpSde extends GridSampler {

  private final double eta;
  private final double sNoise;
  private final double r;

  /**
   * @param eta 0 for no noise, 1 for the full ancestral step
   * @param sNoise scales the noise, 1 as a rule
   * @param r where the intermediate level is, in (0, 1); 1/2 as a rule
   */
  public DpmPpSde(double eta, double sNoise, double r) {
    this.eta = requireNotNegative("eta", eta);
    this.sNoise = requireNotNegative("s_noise", sNoise);
    if (!(r > 0 && r < 1)) {
      throw new InputException(
          "The option r of dpmpp-sde must be between 0 and 1, both excluded, not " + r + ".");
    }
    this.r = r;
  }

  @Override
  public String name() {
    return "dpmpp-sde";
  }

  @Override
  public NoiseKind noiseKind() {
    return eta == 0 ? NoiseKind.NONE : NoiseKind.BROWNIAN;
  }

  @Override
  int evaluationsPerStep() {
    return 2;
  }

  @Override
  Tensor step(Step step) {
    double sigma = step.sigma();
    Tensor denoised = step.denoiseAndReport(step.x(), sigma);
    if (step.isLast()) {
      return denoised;
    }
    double middle = Math.exp((1 - r) * Math.log(sigma) + r * Math.log(step.next()));
    Tensor xMiddle = noisyStep(step, middle, denoised);
    Tensor denoisedMiddle = step.denoise(xMiddle, middle);
    double weight = 1 / (2 * r);
    return noisyStep(step, step.next(), Linear.sum(1 - weight, denoised, weight, denoisedMiddle));
  }

  private Tensor noisyStep(Step step, double to, Tensor denoised) {
    double sigma = step.sigma();
    AncestralStep split = AncestralStep.of(sigma, to, eta);
    Tensor x = DpmPp2SAncestral.exponentialStep(step.x(), sigma, split.down(), denoised);
    double deviation = sNoise * split.up();
    return deviation == 0 ? x : Linear.plus(x, deviation, step.noise(sigma, to));
  }
}
