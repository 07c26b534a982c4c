package dev.hourglass.architecture.part.skip;

import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;

/**
 * {@code skip + fac (x - skip) + W2 gelu(W1 [x, skip])}: the paper's merge, and two projections
 * that may learn what it cannot say (docs/model.md, 1.4).
 */
public record MlpSkip() implements Skip {

  @Override
  public String name() {
    return "mlp";
  }

  @Override
  public <T> T apply(Primitives<T> on, T skip, T x) {
    long c = on.size(x, -1);
    T up = on.weight("up.weight", Start.linear(2 * c), c, 2 * c);
    T down = on.weight("down.weight", Start.zeros(), c, c);
    T hidden = on.map(Elementwise.GELU, on.linear(on.concat(x, skip), up));
    return on.add(new LearnedLerp().apply(on, skip, x), on.linear(hidden, down));
  }
}
