package dev.hourglass.architecture.primitive;

import java.util.Optional;

/**
 * What the softmax of attention is taken of: {@code q . k + bias(k)}.
 *
 * @param queries {@code [h, w, heads, d]}
 * @param keys the same, on a grid of their own
 * @param keyBias {@code [h, w, heads, 1]}, or none
 * @param <T> what flows
 */
public record Logits<T>(T queries, T keys, Optional<T> keyBias) {

  /** Products alone. */
  public static <T> Logits<T> ofProducts(T queries, T keys) {
    return new Logits<>(queries, keys, Optional.empty());
  }
}
