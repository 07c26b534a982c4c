package dev.hourglass.architecture.part;

import dev.hourglass.architecture.primitive.Primitives;

/** What makes a query and a key alike: their product, after each was scaled in a way. */
public interface Similarity extends Named {

  /** Queries and keys whose product is the logit, {@code [h, w, heads, d]} each. */
  <T> Pair<T> apply(Primitives<T> on, T queries, T keys);

  /** Queries and keys. */
  record Pair<T>(T queries, T keys) {}
}
