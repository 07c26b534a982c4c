package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.Step;
import org.bytedeco.pytorch.Tensor;

/**
 * The stochastic sampler of Karras et al. 2022, algorithm 2: each step first raises the noise level
 * from sigma to sigma_hat with fresh noise ({@link Churn}), then solves the probability flow from
 * there to the next level by one step of a method that the subclasses name. One draw of noise
 * belongs to each step, whether churn applies to it or not.
 */
abstract sealed class ChurnSampler extends GridSampler permits Euler, Heun, Dpm2 {

  private final Churn churn;

  ChurnSampler(Churn churn) {
    this.churn = churn;
  }

  /** One step of the method, from {@code x} at {@code sigmaHat} with slope d to {@code next()}. */
  abstract Tensor solve(Step step, Tensor x, double sigmaHat, Tensor d);

  @Override
  public final NoiseKind noiseKind() {
    return churn.sChurn() == 0 ? NoiseKind.NONE : NoiseKind.INDEPENDENT;
  }

  @Override
  final Tensor step(Step step) {
    double sigma = step.sigma();
    double sigmaHat = sigma * (1 + churn.gamma(sigma, step.count()));
    Tensor x = step.x();
    if (sigmaHat > sigma) {
      double added = churn.sNoise() * Math.sqrt(sigmaHat * sigmaHat - sigma * sigma);
      x = Linear.plus(x, added, step.noise(sigma, step.next()));
    } else if (churn.sChurn() > 0) {
      step.skipNoise(sigma, step.next());
    }
    Tensor denoised = step.denoiseAndReport(x, sigmaHat);
    return solve(step, x, sigmaHat, Linear.slope(x, sigmaHat, denoised));
  }
}
