package dev.hourglass.architecture.part;

import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;
import java.util.function.UnaryOperator;

/** How activations are normalised before a block, and how the block's result is added. */
public interface Norm extends Part, Named {

  /** The residual block around {@code f}: {@code x + f(norm(x))}. */
  default <T> T residual(Primitives<T> on, T x, UnaryOperator<T> f) {
    return on.add(x, f.apply(apply(on.in("norm"), x)));
  }
}
