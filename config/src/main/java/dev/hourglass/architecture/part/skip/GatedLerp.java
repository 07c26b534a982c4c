package dev.hourglass.architecture.part.skip;

import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;

/**
 * {@code skip + sigmoid(W [x, skip]) * (x - skip)}: each token and channel mixes as both of them
 * say (docs/model.md, 1.4).
 */
public record GatedLerp() implements Skip {

  @Override
  public String name() {
    return "gated";
  }

  @Override
  public <T> T apply(Primitives<T> on, T skip, T x) {
    long channels = on.size(x, -1);
    T weight = on.weight("gate.weight", Start.zeros(), channels, 2 * channels);
    T gate = on.map(Elementwise.SIGMOID, on.linear(on.concat(x, skip), weight));
    return on.lerp(skip, x, gate);
  }
}
