package dev.hourglass.architecture.primitive;

/** A function of each number by itself. */
public enum Elementwise {
  /** {@code x Phi(x)}, with the exact distribution function of the normal distribution. */
  GELU,
  /** {@code x sigmoid(x)}. */
  SILU,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code max(x, 0)^2} (So et al. 2021). */
  RELU2,
  /** {@code x} above 0, {@code exp(x) - 1} below. */
  ELU,
  /** {@code 1 / (1 + exp(-x))}. */
  SIGMOID
}
