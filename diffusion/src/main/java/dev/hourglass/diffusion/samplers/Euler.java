package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.Step;
import org.bytedeco.pytorch.Tensor;

/**
 * Euler's method, {@code x' = x + (sigma' - sigma) d}, of first order (Karras et al. 2022,
 * algorithm 2 without its correction). Without churn it is DDIM (Song et al. 2021).
 */
public final class Euler extends ChurnSampler {

  public Euler(Churn churn) {
    super(churn);
  }

  @Override
  public String name() {
    return "euler";
  }

  @Override
  int evaluationsPerStep() {
    return 1;
  }

  @Override
  Tensor solve(Step step, Tensor x, double sigmaHat, Tensor d) {
    return Linear.plus(x, step.next() - sigmaHat, d);
  }
}
