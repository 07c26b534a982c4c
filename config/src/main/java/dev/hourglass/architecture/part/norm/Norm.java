package dev.hourglass.architecture.part.norm;

import dev.hourglass.architecture.primitive.Named;
import dev.hourglass.architecture.primitive.Primitives;
import java.util.function.UnaryOperator;

/** How activations are normalised before a block, and how the block's result is added. */
public interface Norm extends Named {

  /** The residual block around {@code f}: {@code x + f(norm(x))}, perhaps with a gate on f. */
  <T> T residual(Primitives<T> on, T x, UnaryOperator<T> f);

  /** Whether a gate that starts at zero is what makes a fresh block pass its input on. */
  default boolean gated() {
    return false;
  }
}
