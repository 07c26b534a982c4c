package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;

/**
 * The function f of an activation, in the form that all have in common, {@code y = a f(g)}: a row
 * of a and of g at a time, on one thread. Whole vectors are each function's own, the rest of a row
 * is computed number by number.
 */
public enum Curve {

  /** {@code g Phi(g)} ({@link Geglu}). */
  GELU {
    @Override
    void forwardVectors(long a, long g, long y, long bytes) {
      GegluVectors.forward(a, g, y, bytes);
    }

    @Override
    void backwardVectors(
        long a, long g, long yGradient, long aGradient, long gGradient, long y, long bytes) {
      GegluVectors.backward(a, g, yGradient, aGradient, gGradient, y, bytes);
    }

    @Override
    float value(float g) {
      return Geglu.value(g);
    }

    @Override
    float slope(float g) {
      return Geglu.slope(g);
    }
  },

  /** {@code g / (1 + exp(-g))}. */
  SILU {
    @Override
    void forwardVectors(long a, long g, long y, long bytes) {
      SiluVectors.forward(a, g, y, bytes);
    }

    @Override
    void backwardVectors(
        long a, long g, long yGradient, long aGradient, long gGradient, long y, long bytes) {
      SiluVectors.backward(a, g, yGradient, aGradient, gGradient, y, bytes);
    }

    @Override
    float value(float g) {
      return Silu.value(g);
    }

    @Override
    float slope(float g) {
      return Silu.slope(g);
    }
  },

  /** {@code g} above 0, {@code exp(g) - 1} below. */
  ELU {
    @Override
    void forwardVectors(long a, long g, long y, long bytes) {
      EluVectors.forward(a, g, y, bytes);
    }

    @Override
    void backwardVectors(
        long a, long g, long yGradient, long aGradient, long gGradient, long y, long bytes) {
      EluVectors.backward(a, g, yGradient, aGradient, gGradient, y, bytes);
    }

    @Override
    float value(float g) {
      return Elu.value(g);
    }

    @Override
    float slope(float g) {
      return Elu.slope(g);
    }
  },

  /** {@code max(g, 0)}. */
  RELU {
    @Override
    void forwardVectors(long a, long g, long y, long bytes) {
      Relu.forward(a, g, y, bytes);
    }

    @Override
    void backwardVectors(
        long a, long g, long yGradient, long aGradient, long gGradient, long y, long bytes) {
      Relu.backward(a, g, yGradient, aGradient, gGradient, y, bytes);
    }

    @Override
    float value(float g) {
      return Relu.value(g);
    }

    @Override
    float slope(float g) {
      return Relu.slope(g);
    }
  },

  /** {@code max(g, 0)^2}. */
  SQUARED_RELU {
    @Override
    void forwardVectors(long a, long g, long y, long bytes) {
      SquaredRelu.forward(a, g, y, bytes);
    }

    @Override
    void backwardVectors(
        long a, long g, long yGradient, long aGradient, long gGradient, long y, long bytes) {
      SquaredRelu.backward(a, g, yGradient, aGradient, gGradient, y, bytes);
    }

    @Override
    float value(float g) {
      return SquaredRelu.value(g);
    }

    @Override
    float slope(float g) {
      return SquaredRelu.slope(g);
    }
  };

  /** {@link #forward} of whole vectors, at least one. */
  abstract void forwardVectors(long a, long g, long y, long bytes);

  /** {@link #backward} of whole vectors, at least one. */
  abstract void backwardVectors(
      long a, long g, long yGradient, long aGradient, long gGradient, long y, long bytes);

  /** {@code f(g)}, as a lane computes it. */
  abstract float value(float g);

  /** {@code f'(g)}, as a lane computes it. */
  abstract float slope(float g);

  private static long whole(int width) {
    return 4L * (width - width % Lanes.COUNT);
  }

  /**
   * {@code y = a f(g)}.
   *
   * @param y {@code [width]} like a and g; may be one of them
   */
  final void forward(long a, long g, long y, int width) {
    long whole = whole(width);
    if (whole > 0) {
      forwardVectors(a, g, y, whole);
    }
    for (long i = whole; i < 4L * width; i += 4) {
      Memory.setFloat(y + i, Memory.getFloat(a + i) * value(Memory.getFloat(g + i)));
    }
  }

  /**
   * Gradients of a and g, and y again. An element's gradient of a is written before its y, so both
   * may go to one place where only y is wanted.
   *
   * @param y may be yGradient; aGradient may be a or y, and gGradient g
   */
  final void backward(
      long a, long g, long yGradient, long aGradient, long gGradient, long y, int width) {
    long whole = whole(width);
    if (whole > 0) {
      backwardVectors(a, g, yGradient, aGradient, gGradient, y, whole);
    }
    for (long i = whole; i < 4L * width; i += 4) {
      float gate = Memory.getFloat(g + i);
      float factor = Memory.getFloat(a + i);
      float given = Memory.getFloat(yGradient + i);
      float value = value(gate);
      Memory.setFloat(aGradient + i, given * value);
      Memory.setFloat(gGradient + i, given * factor * slope(gate));
      Memory.setFloat(y + i, factor * value);
    }
  }
}
