package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.Step;
import org.bytedeco.pytorch.Tensor;

/**
 * The midpoint method with the midpoint taken in log sigma, of second order, as in DPM-Solver-2 (Lu
 * et al., "DPM-Solver", 2022), inside the stochastic sampler of Karras et al. 2022: {@code x' = x +
 * (sigma' - sigma) d_mid}. The step to 0 is Euler's.
 */
public final class Dpm2 extends ChurnSampler {

  public Dpm2(Churn churn) {
    super(churn);
  }

  @Override
  public String name() {
    return "dpm-2";
  }

  @Override
  int evaluationsPerStep() {
    return 2;
  }

  @Override
  Tensor solve(Step step, Tensor x, double sigmaHat, Tensor d) {
    return step.isLast()
        ? Linear.plus(x, -sigmaHat, d)
        : midpoint(step, x, sigmaHat, d, step.next());
  }

  /** The midpoint step from {@code sigma} to {@code to}, both above 0. */
  static Tensor midpoint(Step step, Tensor x, double sigma, Tensor d, double to) {
    double middle = Math.sqrt(sigma * to);
    Tensor xMiddle = Linear.plus(x, middle - sigma, d);
    Tensor dMiddle = Linear.slope(xMiddle, middle, step.denoise(xMiddle, middle));
    return Linear.plus(x, to - sigma, dMiddle);
  }
}
