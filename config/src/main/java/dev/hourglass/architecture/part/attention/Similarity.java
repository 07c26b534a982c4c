package dev.hourglass.architecture.part.attention;

import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.architecture.primitive.Named;
import dev.hourglass.architecture.primitive.Primitives;

/** What makes a query and a key alike (docs/model.md, 3.2). */
public interface Similarity extends Named {

  /** Queries and keys before they are rotated, {@code [h, w, heads, d]} each. */
  default <T> Pair<T> normalised(Primitives<T> on, T queries, T keys) {
    return new Pair<>(queries, keys);
  }

  /**
   * What the softmax is taken of.
   *
   * @param queries normalised and rotated, {@code [h, w, heads, d]}
   * @param keys the same, perhaps on another grid
   */
  <T> Logits<T> logits(Primitives<T> on, T queries, T keys);

  /** Queries and keys. */
  record Pair<T>(T queries, T keys) {}

  /** {@code 1 / sqrt(d)}: products of random vectors grow with the root of their length. */
  static <T> double overRootOf(Primitives<T> on, T heads) {
    return 1 / Math.sqrt((double) on.size(heads, -1));
  }
}
