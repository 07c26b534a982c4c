package dev.hourglass.architecture.primitive;

/** The values that a parameter starts with (HDiT, appendix B). */
public sealed interface Start {

  static Start zeros() {
    return new Constant(0);
  }

  static Start ones() {
    return new Constant(1);
  }

  /**
   * PyTorch's default for the weight and the bias of a linear layer: uniform in +-1/sqrt(fan in).
   *
   * @param fanIn numbers that go into each sum
   */
  static Start linear(long fanIn) {
    return new Uniform(1 / Math.sqrt((double) fanIn));
  }

  /** Whether the optimiser leaves it alone: a constant that checkpoints carry. */
  default boolean fixed() {
    return false;
  }

  /** All the same. */
  record Constant(double value) implements Start {}

  /** Uniform in +-{@code bound}. */
  record Uniform(double bound) implements Start {}

  /** Normal around zero. */
  record Normal(double deviation) implements Start {}

  /** Standard normal and fixed: the frequencies of Fourier features. */
  record Fourier() implements Start {
    @Override
    public boolean fixed() {
      return true;
    }
  }

  /** The rotary frequencies, fixed: {@code [heads, d/8]}. */
  record Rotary() implements Start {
    @Override
    public boolean fixed() {
      return true;
    }
  }

  /** The sine-cosine table of a grid, fixed: {@code [1, h, w, c]}. */
  record SineCosine() implements Start {
    @Override
    public boolean fixed() {
      return true;
    }
  }
}
