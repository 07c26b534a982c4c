package dev.hourglass.diffusion.samplers;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.diffusion.samplers.step.History;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import dev.hourglass.diffusion.samplers.step.Step;
import dev.hourglass.tensor.Scope;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * DPM-Solver-12 and -23 with adaptive steps (Lu et al., "DPM-Solver", 2022, appendix C): each step
 * is made by two solvers of neighbouring orders; their difference estimates the error, from which a
 * {@link StepSizeControl} accepts or rejects the step and chooses the next. The error is a mean
 * over the whole batch, so the images of a batch depend on one another.
 */
public final class DpmAdaptive extends DpmSolverSampler {

  /** How near to the end in log sigma a run may stop. */
  private static final float NEAR_ENOUGH = 1e-5f;

  private final int order;
  private final StepSizeControl control;

  /**
   * @param order 2 or 3, of the higher of the two solvers; 3 as a rule
   * @param control tolerances and the step size controller
   * @param eta 0 for the probability flow; above 0 steps are ancestral
   * @param sNoise scales the noise, 1 as a rule
   */
  public DpmAdaptive(int order, StepSizeControl control, double eta, double sNoise) {
    super(eta, sNoise);
    if (order != 2 && order != 3) {
      throw new InputException("The order of dpm-adaptive must be 2 or 3, not " + order + ".");
    }
    this.order = order;
    this.control = control;
  }

  @Override
  public String name() {
    return "dpm-adaptive";
  }

  @Override
  public OptionalInt evaluations(int steps) {
    return OptionalInt.empty();
  }

  @Override
  public boolean couplesImages() {
    return true;
  }

  @Override
  Tensor solve(
      Denoiser denoiser,
      Tensor start,
      double[] sigmas,
      NoiseSource noise,
      SamplerListener listener) {
    Interval interval = Interval.of(sigmas, name());
    try (Flight flight = new Flight(denoiser, noise, listener, interval, start)) {
      while (flight.t < interval.end() - NEAR_ENOUGH) {
        Scope.run(flight::tryStep);
      }
      return new Tensor(flight.images.get(0));
    }
  }

  /** The state of a run. */
  private final class Flight implements AutoCloseable {

    final History images = new History(1);
    private final History previousLow = new History(1);
    private final History eps = new History(1);
    private final Denoiser denoiser;
    private final NoiseSource noise;
    private final SamplerListener listener;
    private final float end;
    // With noise the strong order of the pair is lower than that of the deterministic solvers.
    private final StepSizeControl.Controller controller =
        control.new Controller(eta() == 0 ? order : 1.5);
    private float t;
    private int accepted;
    private boolean retry;

    Flight(
        Denoiser denoiser,
        NoiseSource noise,
        SamplerListener listener,
        Interval interval,
        Tensor start) {
      this.denoiser = denoiser;
      this.noise = noise;
      this.listener = listener;
      this.t = interval.start();
      this.end = interval.end();
      images.push(start);
      previousLow.push(start);
    }

    void tryStep() {
      Tensor x = images.get(0);
      if (!retry) {
        look(x);
      }
      float next = Math.min(end, t + (float) controller.h());
      if (next == t) {
        throw new InputException(
            "dpm-adaptive cannot go on at sigma %s: steps short enough for rtol %s and atol %s are below the precision of float32; raise rtol or atol."
                .formatted(sigma(t), control.rtol(), control.atol()));
      }
      Target target = target(t, next, end);
      DpmSolverStep step = new DpmSolverStep(denoiser, x, t, target.t(), eps.get(0));
      Tensor low;
      Tensor high;
      if (order == 2) {
        low = step.first();
        high = step.second(0.5f, step.epsAhead(0.5f));
      } else {
        Tensor epsThird = step.epsAhead(1f / 3);
        low = step.second(1f / 3, epsThird);
        high = step.third(epsThird);
      }
      retry = !controller.accept(error(low, high));
      if (retry) {
        return;
      }
      if (target.deviation() > 0) {
        Tensor drawn = Step.like(x, noise.noise(sigma(t), sigma(next)));
        high = Linear.plus(high, target.deviation(), drawn);
      }
      previousLow.push(low);
      images.push(high);
      t = next;
      accepted++;
    }

    /** The first evaluation at a new place; a rejected step is tried again with the same. */
    private void look(Tensor x) {
      float sigma = sigma(t);
      Tensor denoised = denoiser.denoise(x, sigma);
      listener.step(accepted, 0, sigma, denoised);
      eps.push(Linear.slope(x, sigma, denoised));
    }

    /** The root mean square of the difference over the batch, in units of the tolerance. */
    private double error(Tensor low, Tensor high) {
      Tensor magnitude = torch.maximum(low.abs(), previousLow.get(0).abs());
      Tensor tolerance =
          Linear.times((float) control.rtol(), magnitude)
              .clamp_min(new Scalar((float) control.atol()));
      Tensor norm = torch.linalg_vector_norm(low.sub(high).div(tolerance));
      double error = norm.item_double() / Math.sqrt((double) low.numel());
      if (!Double.isFinite(error)) {
        throw new IllegalStateException(
            "dpm-adaptive cannot go on at sigma %s: the error of its step of %s is %s; does the model give finite images?"
                .formatted(sigma(t), controller.h(), error));
      }
      return error;
    }

    @Override
    public void close() {
      images.close();
      previousLow.close();
      eps.close();
    }
  }
}
