package dev.hourglass.architecture.part.attention;

import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;

/**
 * {@code rms(q) gq . rms(k) gk / sqrt(d)}, with one pair of learned scales for all heads (Dehghani
 * et al. 2023; docs/model.md, 3.2).
 */
public record QkNorm() implements Similarity {

  @Override
  public String name() {
    return "qk-norm";
  }

  @Override
  public <T> Pair<T> normalised(Primitives<T> on, T queries, T keys) {
    long d = on.size(queries, -1);
    return new Pair<>(on.rmsNorm(queries, queryScale(on, d)), on.rmsNorm(keys, keyScale(on, d)));
  }

  @Override
  public <T> Logits<T> logits(Primitives<T> on, T queries, T keys) {
    return Logits.ofProducts(on.scaled(queries, Similarity.overRootOf(on, queries)), keys);
  }

  /** {@code [d]}. */
  public <T> T queryScale(Primitives<T> on, long d) {
    return on.parameter("q_norm.scale", Start.ones(), d);
  }

  /** {@code [d]}. */
  public <T> T keyScale(Primitives<T> on, long d) {
    return on.parameter("k_norm.scale", Start.ones(), d);
  }
}
