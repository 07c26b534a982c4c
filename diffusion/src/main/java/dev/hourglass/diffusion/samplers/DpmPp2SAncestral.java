package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.samplers.step.AncestralStep;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.Step;
import org.bytedeco.pytorch.Tensor;

/**
 * DPM-Solver++(2S) (Lu et al., "DPM-Solver++", 2022, algorithm 1 with r = 1/2) to sigma_down, then
 * fresh noise up to the next level ({@link AncestralStep}). With h = log(sigma / sigma_down) and m
 * the middle in log sigma:
 *
 * <pre>
 *   u  = sigma_m / sigma x - (e^(-h/2) - 1) D(x, sigma)
 *   x' = sigma_down / sigma x - (e^(-h) - 1) D(u, sigma_m)
 * </pre>
 */
public final class DpmPp2SAncestral extends GridSampler {

  private final double eta;
  private final double sNoise;

  /**
   * @param eta 0 for no noise, 1 for the full ancestral step
   * @param sNoise scales the noise, 1 as a rule
   */
  public DpmPp2SAncestral(double eta, double sNoise) {
    this.eta = requireNotNegative("eta", eta);
    this.sNoise = requireNotNegative("s_noise", sNoise);
  }

  @Override
  public String name() {
    return "dpmpp-2s-ancestral";
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
    if (split.down() > 0) {
      double middle = Math.sqrt(sigma * split.down());
      Tensor xMiddle = exponentialStep(step.x(), sigma, middle, denoised);
      denoised = step.denoise(xMiddle, middle);
    }
    Tensor x = exponentialStep(step.x(), sigma, split.down(), denoised);
    return EulerAncestral.addNoise(step, x, sNoise * split.up());
  }

  /** The exact step if D were constant: {@code to/from x + (1 - to/from) D}; to = 0 gives D. */
  static Tensor exponentialStep(Tensor x, double from, double to, Tensor denoised) {
    return Linear.sum(to / from, x, (from - to) / from, denoised);
  }
}
