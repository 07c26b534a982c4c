package dev.hourglass.architecture.part.skip;

import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;

/** {@code skip + fac * (x - skip)} with a learned number a channel (docs/model.md, 1.4). */
public record ChannelLerp() implements Skip {

  @Override
  public String name() {
    return "channel_lerp";
  }

  @Override
  public <T> T apply(Primitives<T> on, T skip, T x) {
    return on.lerp(skip, x, factors(on, on.size(x, -1)));
  }

  /** {@code [channels]}. */
  public <T> T factors(Primitives<T> on, long channels) {
    return on.parameter("fac", new Start.Constant(0.5), channels);
  }
}
