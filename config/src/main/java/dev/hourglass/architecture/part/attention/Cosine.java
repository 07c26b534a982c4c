package dev.hourglass.architecture.part.attention;

import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;

/** The cosine of their angle, times a learned temperature of each head (docs/model.md, 3.2). */
public record Cosine() implements Similarity {

  @Override
  public String name() {
    return "cosine";
  }

  @Override
  public <T> Pair<T> normalised(Primitives<T> on, T queries, T keys) {
    T scale = scale(on, on.size(queries, -2));
    return new Pair<>(on.cosineScale(queries, scale), on.cosineScale(keys, scale));
  }

  @Override
  public <T> Logits<T> logits(Primitives<T> on, T queries, T keys) {
    return Logits.ofProducts(queries, keys);
  }

  /** The temperatures, {@code [heads]}. */
  public <T> T scale(Primitives<T> on, long heads) {
    return on.parameter("scale", new Start.Constant(10), heads);
  }
}
