package dev.hourglass.architecture.primitive;

/** A piece of the network with two inputs; like {@link Part}. */
public interface BinaryPart {

  /** What the piece computes. */
  <T> T apply(Primitives<T> on, T a, T b);
}
