package dev.hourglass.architecture.part.attention;

import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.architecture.primitive.Primitives;

/** {@code q . k / sqrt(d)} (Vaswani et al. 2017; docs/model.md, 3.2). */
public record Dot() implements Similarity {

  @Override
  public String name() {
    return "dot";
  }

  @Override
  public <T> Logits<T> logits(Primitives<T> on, T queries, T keys) {
    return Logits.ofProducts(on.scaled(queries, Similarity.overRootOf(on, queries)), keys);
  }
}
