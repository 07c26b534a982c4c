package dev.hourglass.architecture.primitive;

/** A piece of the network with one input and one output. Its definition is {@link #apply}. */
public interface Part {

  /**
   * What the part computes.
   *
   * @param on the operations to compute with, and the parameters of this place
   * @param x what flows in
   * @param <T> what flows: a tensor, or only its shape
   */
  <T> T apply(Primitives<T> on, T x);
}
