package dev.hourglass.architecture.part.skip;

import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;

/** {@code W [x, skip]}: both beside each other, projected (docs/model.md, 1.4). */
public record Concat() implements Skip {

  @Override
  public String name() {
    return "concat";
  }

  @Override
  public <T> T apply(Primitives<T> on, T skip, T x) {
    return on.linear(on.concat(x, skip), weight(on, on.size(x, -1)));
  }

  /** {@code [channels, 2 * channels]}: for x, then for the skip. */
  public <T> T weight(Primitives<T> on, long channels) {
    return on.weight("skip_proj.weight", Start.linear(2 * channels), channels, 2 * channels);
  }
}
