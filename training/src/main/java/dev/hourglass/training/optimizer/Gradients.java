package dev.hourglass.training.optimizer;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.model.Parameters;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** The gradients of all weights together. */
public final class Gradients {

  /** The largest global norm that is not scaled down (docs/model.md, 5.4). */
  static final double MAX_NORM = 1;

  private Gradients() {}

  /** The Euclidean norm over all weights; not finite if any gradient is not. */
  static double norm(Parameters parameters) {
    double sumOfSquares = 0;
    for (ParameterSpec spec : parameters.trained()) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        Tensor gradient = parameters.get(spec.name()).grad();
        if (gradient.defined()) {
          double norm = gradient.norm().item_double();
          sumOfSquares += norm * norm;
        }
      }
    }
    return Math.sqrt(sumOfSquares);
  }

  /**
   * What scales a gradient of this norm down to {@link #MAX_NORM}, and leaves smaller ones alone.
   */
  public static double clipFactor(double norm) {
    return Math.min(1, MAX_NORM / (norm + 1e-6));
  }

  /** Lets go of all gradients. */
  public static void clear(Parameters parameters) {
    for (ParameterSpec spec : parameters.trained()) {
      try (PointerScope scope = new PointerScope()) {
        parameters.get(spec.name()).mutable_grad().reset();
      }
    }
  }
}
