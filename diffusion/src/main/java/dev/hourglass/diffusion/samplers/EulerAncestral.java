package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.samplers.step.AncestralStep;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.Step;
import org.bytedeco.pytorch.Tensor;

/**
 * Euler's step to sigma_down, then fresh noise up to the next level ({@link AncestralStep}); with
 * eta = 1 the sampler of DDPM (Ho et al. 2020), with eta = 0 DDIM (Song et al. 2021).
 */
public final class EulerAncestral extends GridSampler {

  private final double eta;
  private final double sNoise;

  /**
   * @param eta 0 for no noise, 1 for the full ancestral step
   * @param sNoise scales the noise, 1 as a rule
   */
  public EulerAncestral(double eta, double sNoise) {
    this.eta = requireNotNegative("eta", eta);
    this.sNoise = requireNotNegative("s_noise", sNoise);
  }

  @Override
  public String name() {
    return "euler-ancestral";
  }

  @Override
  public NoiseKind noiseKind() {
    return eta == 0 ? NoiseKind.NONE : NoiseKind.INDEPENDENT;
  }

  @Override
  int evaluationsPerStep() {
    return 1;
  }

  @Override
  Tensor step(Step step) {
    double sigma = step.sigma();
    AncestralStep split = AncestralStep.of(sigma, step.next(), eta);
    Tensor denoised = step.denoiseAndReport(step.x(), sigma);
    Tensor d = Linear.slope(step.x(), sigma, denoised);
    Tensor x = Linear.plus(step.x(), split.down() - sigma, d);
    return addNoise(step, x, sNoise * split.up());
  }

  /** x plus noise of the given standard deviation; at 0 no noise is drawn. */
  static Tensor addNoise(Step step, Tensor x, double deviation) {
    return deviation == 0 ? x : Linear.plus(x, deviation, step.noise(step.sigma(), step.next()));
  }
}
