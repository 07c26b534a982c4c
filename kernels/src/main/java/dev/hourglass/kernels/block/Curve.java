package dev.hourglass.kernels.block;

/**
 * The function f of an activation, in the form that all have in common, {@code y = a f(g)}: a row
 * of a and of g at a time, on one thread.
 */
public enum Curve {

  /** {@code g Phi(g)} ({@link Geglu}). */
  GELU {
    @Override
    void forward(long a, long g, long y, int width) {
      Geglu.forward(a, g, 0, y, 0, 1, width);
    }

    @Override
    void backward(
        long a, long g, long yGradient, long aGradient, long gGradient, long y, int width) {
      Geglu.backward(a, g, 0, yGradient, 0, aGradient, gGradient, 0, y, 1, width);
    }
  },

  /** {@code g / (1 + exp(-g))}. */
  SILU {
    @Override
    void forward(long a, long g, long y, int width) {
      Silu.forward(a, g, y, width);
    }

    @Override
    void backward(
        long a, long g, long yGradient, long aGradient, long gGradient, long y, int width) {
      Silu.backward(a, g, yGradient, aGradient, gGradient, y, width);
    }
  },

  /** {@code g} above 0, {@code exp(g) - 1} below. */
  ELU {
    @Override
    void forward(long a, long g, long y, int width) {
      Elu.forward(a, g, y, width);
    }

    @Override
    void backward(
        long a, long g, long yGradient, long aGradient, long gGradient, long y, int width) {
      Elu.backward(a, g, yGradient, aGradient, gGradient, y, width);
    }
  },

  /** {@code max(g, 0)}. */
  RELU {
    @Override
    void forward(long a, long g, long y, int width) {
      Relu.forward(a, g, y, width);
    }

    @Override
    void backward(
        long a, long g, long yGradient, long aGradient, long gGradient, long y, int width) {
      Relu.backward(a, g, yGradient, aGradient, gGradient, y, width);
    }
  },

  /** {@code max(g, 0)^2}. */
  SQUARED_RELU {
    @Override
    void forward(long a, long g, long y, int width) {
      SquaredRelu.forward(a, g, y, width);
    }

    @Override
    void backward(
        long a, long g, long yGradient, long aGradient, long gGradient, long y, int width) {
      SquaredRelu.backward(a, g, yGradient, aGradient, gGradient, y, width);
    }
  };

  /**
   * {@code y = a f(g)}.
   *
   * @param y {@code [width]} like a and g; may be one of them
   */
  abstract void forward(long a, long g, long y, int width);

  /**
   * Gradients of a and g, and y again. An element's gradient of a is written before its y, so both
   * may go to one place where only y is wanted.
   *
   * @param y may be yGradient; aGradient may be a or y, and gGradient g
   */
  abstract void backward(
      long a, long g, long yGradient, long aGradient, long gGradient, long y, int width);
}
