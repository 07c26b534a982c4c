package dev.hourglass.architecture.part;

import dev.hourglass.architecture.primitive.ParameterSpec.Start;
import dev.hourglass.architecture.primitive.Primitives;

/** {@code skip + fac * (x - skip)} with a learned number (docs/model.md, 1.4). */
public record LearnedLerp() implements Skip {

  @Override
  public String name() {
    return "learned_lerp";
  }

  @Override
  public <T> T apply(Primitives<T> on, T skip, T x) {
    return on.lerp(skip, x, factor(on));
  }

  /** {@code [1]}. */
  public <T> T factor(Primitives<T> on) {
    return on.parameter("fac", Start.HALF, 1);
  }
}
