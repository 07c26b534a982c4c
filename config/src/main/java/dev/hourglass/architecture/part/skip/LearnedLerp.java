package dev.hourglass.architecture.part.skip;

import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;

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
    return on.parameter("fac", new Start.Constant(0.5), 1);
  }
}
