package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.samplers.step.AncestralStep;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.Step;
import org.bytedeco.pytorch.Tensor;

/**
 * The midpoint step of {@link Dpm2} to sigma_down, then fresh noise up to the next level ({@link
 * AncestralStep}).
 */
public final class Dpm2Ancestral extends GridSampler {

  private final double eta;
  private final double sNoise;

  /**
   * @param eta 0 for no noise, 1 for the full ancestral step
   * @param sNoise scales the noise, 1 as a rule
   */
  public Dpm2Ancestral(double eta, double sNoise) {
    this.eta = requireNotNegative("eta", eta);
    this.sNoise = requireNotNegative("s_noise", sNoise);
  }

  @Override
  public String name() {
    return "dpm-2-ancestral";
  }

  @Override
  public NoiseKind noiseKind() {
    return eta == 0 ? NoiseKind.NONE : NoiseKind.INDEPENDENT;
  }

  @Override
  int evaluationsPerStep() {
    return 2;
  }

  @Override
  Tensor step(Step step) {
    double sigma = step.sigma();
    AncestralStep split = AncestralStep.of(sigma, step.next(), eta);
    Tensor denoised = step.denoiseAndReport(step.x(), sigma);
    Tensor d = Linear.slope(step.x(), sigma, denoised);
    Tensor x =
        split.down() == 0
            ? Linear.plus(step.x(), -sigma, d)
            : Dpm2.midpoint(step, step.x(), sigma, d, split.down());
    return EulerAncestral.addNoise(step, x, sNoise * split.up());
  }
}
