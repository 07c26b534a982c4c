package dev.hourglass.architecture.part.attention;

import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;
import java.util.Optional;

/**
 * {@code -scale |q - k|^2 / (2 sqrt(d))}, with a learned scale of each head (Kim et al. 2021;
 * docs/model.md, 3.2). The softmax over the keys does not see {@code |q|^2}, so what is left is
 * {@code scale (q . k - |k|^2 / 2) / sqrt(d)}.
 */
public record L2() implements Similarity {

  @Override
  public String name() {
    return "l2";
  }

  @Override
  public <T> Logits<T> logits(Primitives<T> on, T queries, T keys) {
    T scale = scale(on, on.size(queries, -2));
    double overRoot = Similarity.overRootOf(on, queries);
    return new Logits<>(
        on.perHead(on.scaled(queries, overRoot), scale),
        keys,
        Optional.of(on.perHead(on.scaled(on.squaredNorm(keys), -overRoot / 2), scale)));
  }

  /** {@code [heads]}. */
  public <T> T scale(Primitives<T> on, long heads) {
    return on.parameter("scale", Start.ones(), heads);
  }
}
