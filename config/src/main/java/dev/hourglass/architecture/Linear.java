package dev.hourglass.architecture;

import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;
import java.util.Optional;

/**
 * A linear layer. It starts as PyTorch's does, or at zero, so that a fresh block passes its input
 * on.
 *
 * @param name of the layer in checkpoints, before {@code .weight} and {@code .bias}
 * @param zero whether it starts at zero
 * @param biased whether it has a bias
 */
public record Linear(String name, boolean zero, boolean biased) {

  /** A layer without a bias. */
  public static Linear of(String name) {
    return new Linear(name, false, false);
  }

  /** A layer without a bias that starts at zero. */
  public static Linear startingAtZero(String name) {
    return new Linear(name, true, false);
  }

  /** {@code [..., in] -> [..., out]}. */
  public <T> T apply(Primitives<T> on, T x, long out) {
    long in = on.size(x, -1);
    return on.linear(x, weight(on, out, in), bias(on, out, in));
  }

  /** {@code [out, in]}. */
  public <T> T weight(Primitives<T> on, long out, long in) {
    return on.weight(name + ".weight", start(in), out, in);
  }

  /** {@code [out]}, if there is one. */
  public <T> Optional<T> bias(Primitives<T> on, long out, long in) {
    return biased ? Optional.of(on.parameter(name + ".bias", start(in), out)) : Optional.empty();
  }

  private Start start(long in) {
    return zero ? Start.zeros() : Start.linear(in);
  }
}
