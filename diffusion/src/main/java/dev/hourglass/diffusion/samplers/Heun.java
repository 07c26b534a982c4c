package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.Step;
import org.bytedeco.pytorch.Tensor;

/**
 * Heun's method, of second order: {@code x' = x + (sigma' - sigma) (d + d') / 2}, d' the slope at
 * the end of Euler's step; the step to 0 is Euler's (Karras et al. 2022, algorithm 2).
 */
public final class Heun extends ChurnSampler {

  public Heun(Churn churn) {
    super(churn);
  }

  @Override
  public String name() {
    return "heun";
  }

  @Override
  int evaluationsPerStep() {
    return 2;
  }

  @Override
  Tensor solve(Step step, Tensor x, double sigmaHat, Tensor d) {
    double dt = step.next() - sigmaHat;
    Tensor end = Linear.plus(x, dt, d);
    if (step.isLast()) {
      return end;
    }
    Tensor dEnd = Linear.slope(end, step.next(), step.denoise(end, step.next()));
    return Linear.sum(1, x, dt / 2, d, dt / 2, dEnd);
  }
}
