package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.PowerOfTwo;

/**
 * The gated activation {@code y = a gelu(g)} with {@code gelu(g) = g Phi(g)} (docs/model.md, 4.3),
 * on one thread. Phi is the normal distribution function.
 *
 * <p>For x = |g| it computes {@code Phi(-x) = 2^-p(x)}, where the polynomial p approximates {@code
 * -log2 Phi(-x)}: no division, and small values keep their digits. The gradient needs the density
 * too; {@code 1 - x density(x) / Phi(-x)} is another polynomial, and then
 *
 * <pre>
 * gelu(g)  = max(g, 0) - x Phi(-x)
 * gelu'(g) = m if g &lt; 0, else 1 - m, with m = Phi(-x) (1 - x density(x) / Phi(-x))
 * </pre>
 *
 * <p>Phi is right to 1.4e-7, and Phi(-x) to 1.6e-4 of itself, for x up to 8. Beyond that it stays
 * at Phi(-8) = 6e-16. The slope is right to 7e-7. The coefficients are minimax fits on [0, 8].
 */
public final class Geglu {

  static final float LIMIT = 8;

  private Geglu() {}

  /**
   * {@code y = a gelu(g)}.
   *
   * @param a {@code [tokens, width]}, rows {@code stride} bytes apart
   * @param g the same
   * @param y {@code [tokens, width]}, rows {@code yStride} bytes apart; may be a or g
   */
  public static void forward(
      long a, long g, long stride, long y, long yStride, int tokens, int width) {
    int whole = width - width % Lanes.COUNT;
    for (int t = 0; t < tokens; t++) {
      long at = t * stride;
      long target = y + t * yStride;
      if (whole > 0) {
        GegluVectors.forward(a + at, g + at, target, 4L * whole);
      }
      for (int i = whole; i < width; i++) {
        float gate = Memory.getFloat(g + at + 4L * i);
        Memory.setFloat(target + 4L * i, Memory.getFloat(a + at + 4L * i) * gelu(gate));
      }
    }
  }

  /**
   * Gradients of a and g; y too, which the gradient of the next weight needs.
   *
   * @param a {@code [tokens, width]}, rows {@code stride} bytes apart
   * @param g the same
   * @param yGradient {@code [tokens, width]}, rows {@code yStride} bytes apart
   * @param aGradient {@code [tokens, width]}, rows {@code gradientStride} bytes apart; may be a
   * @param gGradient the same; may be g
   * @param y {@code [tokens, width]}, rows {@code yStride} bytes apart; may be yGradient
   */
  public static void backward(
      long a,
      long g,
      long stride,
      long yGradient,
      long yStride,
      long aGradient,
      long gGradient,
      long gradientStride,
      long y,
      int tokens,
      int width) {
    int whole = width - width % Lanes.COUNT;
    for (int t = 0; t < tokens; t++) {
      long in = t * stride;
      long out = t * yStride;
      long gradient = t * gradientStride;
      if (whole > 0) {
        GegluVectors.backward(
            a + in,
            g + in,
            yGradient + out,
            aGradient + gradient,
            gGradient + gradient,
            y + out,
            4L * whole);
      }
      for (long i = 4L * whole; i < 4L * width; i += 4) {
        float value = Memory.getFloat(a + in + i);
        float gate = Memory.getFloat(g + in + i);
        float given = Memory.getFloat(yGradient + out + i);
        float gelu = gelu(gate);
        Memory.setFloat(aGradient + gradient + i, given * gelu);
        Memory.setFloat(gGradient + gradient + i, given * value * slope(gate));
        Memory.setFloat(y + out + i, value * gelu);
      }
    }
  }

  /** What a lane computes, for the rest of a row. */
  private static float gelu(float g) {
    return Math.fma(-Math.abs(g), upperTail(magnitude(g)), g > 0 ? g : 0);
  }

  /** The derivative of {@link #gelu}. */
  private static float slope(float g) {
    float x = magnitude(g);
    float m = polynomial(GegluVectors.M, x) * upperTail(x);
    return g < 0 ? m : 1 - m;
  }

  private static float magnitude(float g) {
    return Math.min(Math.abs(g), LIMIT);
  }

  /** {@code Phi(-x)}. */
  private static float upperTail(float x) {
    float p = polynomial(GegluVectors.P, x);
    float rounded = PowerOfTwo.ROUNDER - p;
    float power = polynomial(GegluVectors.E, PowerOfTwo.ROUNDER - rounded - p);
    int exponent = Float.floatToRawIntBits(rounded) << PowerOfTwo.EXPONENT_SHIFT;
    return Float.intBitsToFloat(exponent + Float.floatToRawIntBits(power));
  }

  private static float polynomial(float[] coefficients, float x) {
    float sum = coefficients[coefficients.length - 1];
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = Math.fma(sum, x, coefficients[i]);
    }
    return sum;
  }
}
