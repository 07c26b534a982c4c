package dev.hourglass.kernels.block;

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
final class Geglu {

  static final float LIMIT = 8;

  private Geglu() {}

  /** {@code gelu(g)}, as a lane computes it. */
  static float value(float g) {
    return Math.fma(-Math.abs(g), upperTail(magnitude(g)), g > 0 ? g : 0);
  }

  /** The derivative of {@link #value}. */
  static float slope(float g) {
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
