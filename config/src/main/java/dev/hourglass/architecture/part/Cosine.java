package dev.hourglass.architecture.part;

import dev.hourglass.architecture.primitive.ParameterSpec.Start;
import dev.hourglass.architecture.primitive.Primitives;

/** The cosine of their angle, times a learned temperature of each head (docs/model.md, 3.2). */
public record Cosine() implements Similarity {

  @Override
  public String name() {
    return "cosine";
  }

  @Override
  public <T> Pair<T> apply(Primitives<T> on, T queries, T keys) {
    T scale = scale(on, on.size(queries, -2));
    return new Pair<>(on.cosineScale(queries, scale), on.cosineScale(keys, scale));
  }

  /** The temperatures, {@code [heads]}. */
  public <T> T scale(Primitives<T> on, long heads) {
    return on.parameter("scale", Start.TEN, heads);
  }
}
