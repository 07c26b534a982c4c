package dev.hourglass.diffusion.samplers;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.diffusion.samplers.step.History;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import dev.hourglass.diffusion.samplers.step.Step;
import dev.hourglass.tensor.Scope;
import java.util.Arrays;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;

/**
 * DPM-Solver-fast (Lu et al., "DPM-Solver", 2022, section 3.4): as many third-order steps, even in
 * log sigma, as the number of evaluations allows, the rest by a step of first or second order or
 * one of each.
 */
public final class DpmFast extends DpmSolverSampler {

  private final OptionalInt evaluations;

  /**
   * @param evaluations of the denoiser, at least 1; empty for as many as the grid has steps
   * @param eta 0 for the probability flow; above 0 steps are ancestral
   * @param sNoise scales the noise, 1 as a rule
   */
  public DpmFast(OptionalInt evaluations, double eta, double sNoise) {
    super(eta, sNoise);
    if (evaluations.isPresent() && evaluations.getAsInt() < 1) {
      throw new InputException(
          "dpm-fast needs at least 1 evaluation, not " + evaluations.getAsInt() + ".");
    }
    this.evaluations = evaluations;
  }

  @Override
  public String name() {
    return "dpm-fast";
  }

  @Override
  public OptionalInt evaluations(int steps) {
    return OptionalInt.of(evaluations.orElse(steps));
  }

  @Override
  Tensor solve(
      Denoiser denoiser,
      Tensor start,
      double[] sigmas,
      NoiseSource noise,
      SamplerListener listener) {
    Interval interval = Interval.of(sigmas, name());
    int[] orders = orders(evaluations.orElse(sigmas.length - 1));
    float[] times = times(interval, orders.length);
    try (History images = new History(1)) {
      images.push(start);
      for (int i = 0; i < orders.length; i++) {
        int step = i;
        float t = times[i];
        float next = times[i + 1];
        Target target = target(t, next, interval.end());
        Scope.run(
            () -> {
              Tensor x = images.get(0);
              float sigma = sigma(t);
              Tensor denoised = denoiser.denoise(x, sigma);
              listener.step(step, orders.length, sigma, denoised);
              Tensor eps = Linear.slope(x, sigma, denoised);
              Tensor end = end(new DpmSolverStep(denoiser, x, t, target.t(), eps), orders[step]);
              if (target.deviation() > 0) {
                Tensor drawn = Step.like(x, noise.noise(sigma, sigma(next)));
                end = Linear.plus(end, target.deviation(), drawn);
              }
              images.push(end);
            });
      }
      return new Tensor(images.get(0));
    }
  }

  private static Tensor end(DpmSolverStep step, int order) {
    return switch (order) {
      case 1 -> step.first();
      case 2 -> step.second(0.5f, step.epsAhead(0.5f));
      default -> step.third(step.epsAhead(1f / 3));
    };
  }

  /**
   * Both ends of an interval and what divides it evenly, each counted from the nearer end and
   * rounded once, as {@code torch.linspace} does.
   */
  private static float[] times(Interval interval, int steps) {
    float width = (interval.end() - interval.start()) / steps;
    float[] times = new float[steps + 1];
    for (int i = 0; i <= steps; i++) {
      times[i] =
          2 * i < steps
              ? Math.fma(i, width, interval.start())
              : Math.fma(i - steps, width, interval.end());
    }
    return times;
  }

  /** The orders of the steps; they add up to the number of evaluations. */
  static int[] orders(int evaluations) {
    int[] orders = new int[evaluations / 3 + 1];
    Arrays.fill(orders, 3);
    int last = orders.length - 1;
    if (evaluations % 3 == 0) {
      orders[last - 1] = 2;
      orders[last] = 1;
    } else {
      orders[last] = evaluations % 3;
    }
    return orders;
  }
}
