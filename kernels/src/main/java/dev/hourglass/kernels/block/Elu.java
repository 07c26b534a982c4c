package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.PowerOfTwo;

/**
 * {@link Curve#ELU}. Below 0 it is {@code 2^-p - 1} with {@code p = |g| log2(e)}; {@code 2^-p =
 * 2^-n (1 + q)} with n the integer nearest to p, so {@code 2^-n q + (2^-n - 1)} keeps the digits of
 * small results. From -80 on it is -1. The slope at 0 is 1.
 */
final class Elu {

  private Elu() {}

  static float value(float g) {
    return g < 0 ? below(g) : g;
  }

  static float slope(float g) {
    return g < 0 ? below(g) + 1 : 1;
  }

  /** What a lane computes for g below 0. */
  private static float below(float g) {
    float p = Math.min(Math.abs(g), Silu.LIMIT) * Silu.LOG2_E;
    float rounded = PowerOfTwo.ROUNDER - p;
    float f = PowerOfTwo.ROUNDER - rounded - p;
    float power = Math.fma(PowerOfTwo.E5, f, PowerOfTwo.E4);
    power = Math.fma(power, f, PowerOfTwo.E3);
    power = Math.fma(power, f, PowerOfTwo.E2);
    power = Math.fma(power, f, PowerOfTwo.E1);
    int exponent = Float.floatToRawIntBits(rounded) << PowerOfTwo.EXPONENT_SHIFT;
    float scale = Float.intBitsToFloat(exponent + Float.floatToRawIntBits(1));
    return Math.fma(scale, power * f, scale - 1);
  }
}
