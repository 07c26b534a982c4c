package dev.hourglass.diffusion.samplers;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.Step;
import org.bytedeco.pytorch.Tensor;

/**
 * The linear multistep (Adams-Bashforth) method on an uneven grid: the slopes of the last {@code
 * order} steps are interpolated by a polynomial in sigma, which is integrated over the step. One
 * evaluation a step; the first steps are of lower order (Liu et al., "Pseudo numerical methods for
 * diffusion models on manifolds", 2022, use its even-grid form).
 */
public final class LinearMultistep extends GridSampler {

  private final int order;

  /**
   * @param order 1 to 8; 4 as a rule
   */
  public LinearMultistep(int order) {
    if (order < 1 || order > 8) {
      throw new InputException("The order of lms must be 1 to 8, not " + order + ".");
    }
    this.order = order;
  }

  @Override
  public String name() {
    return "lms";
  }

  @Override
  public NoiseKind noiseKind() {
    return NoiseKind.NONE;
  }

  @Override
  int evaluationsPerStep() {
    return 1;
  }

  @Override
  int memory() {
    return order;
  }

  @Override
  Tensor step(Step step) {
    Tensor denoised = step.denoiseAndReport(step.x(), step.sigma());
    step.remember(Linear.slope(step.x(), step.sigma(), denoised));
    int nodes = step.remembered();
    Tensor x = step.x();
    for (int j = 0; j < nodes; j++) {
      x = Linear.plus(x, coefficient(step, nodes, j), step.earlier(j));
    }
    return x;
  }

  /**
   * The integral over the step of the Lagrange polynomial that is 1 at the noise level {@code j}
   * steps ago and 0 at the other {@code nodes - 1}.
   *
   * <p>In v = (sigma - a) / (b - a), a and b the ends of the step, the polynomial's coefficients
   * are multiplied out and integrated exactly over [0, 1].
   */
  private static double coefficient(Step step, int nodes, int j) {
    double start = step.sigma();
    double width = step.next() - start;
    double[] polynomial = new double[nodes];
    polynomial[0] = 1;
    double scale = 1;
    int degree = 0;
    for (int k = 0; k < nodes; k++) {
      if (k == j) {
        continue;
      }
      double root = (step.sigma(-k) - start) / width;
      scale *= (step.sigma(-j) - step.sigma(-k)) / width;
      for (int d = ++degree; d > 0; d--) {
        polynomial[d] = polynomial[d - 1] - root * polynomial[d];
      }
      polynomial[0] *= -root;
    }
    double integral = 0;
    for (int d = nodes - 1; d >= 0; d--) {
      integral += polynomial[d] / (d + 1);
    }
    return width * integral / scale;
  }
}
