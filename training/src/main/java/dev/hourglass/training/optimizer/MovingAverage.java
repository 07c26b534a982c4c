package dev.hourglass.training.optimizer;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.model.Parameters;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;

/** A moving average of the weights (EMA), such as that with which images are drawn. */
final class MovingAverage {

  private MovingAverage() {}

  /** {@code average += (1 - decay) * (weights - average)}. */
  static void update(Parameters average, Parameters weights, double decay) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Scalar weight = new Scalar(1 - decay);
      for (ParameterSpec spec : weights.trained()) {
        average.get(spec.name()).lerp_(weights.get(spec.name()), weight);
      }
    }
  }
}
