package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.PowerOfTwo;

/**
 * {@link Curve#SILU}, {@code g s(g)} with the logistic function s. From {@code e = exp(-|g|)},
 * which never overflows: {@code s(g) = 1 / (1 + e)}, for g below 0 {@code e / (1 + e)}, so small
 * values keep their digits. Beyond 80, e stays at exp(-80) = 1.8e-35.
 */
final class Silu {

  static final float LIMIT = 80;
  static final float LOG2_E = 1.442695f;

  private Silu() {}

  static float value(float g) {
    return g * logistic(g);
  }

  static float slope(float g) {
    float s = logistic(g);
    return s * Math.fma(g, 1 - s, 1);
  }

  /** What a lane computes. */
  private static float logistic(float g) {
    float p = Math.min(Math.abs(g), LIMIT) * LOG2_E;
    float rounded = PowerOfTwo.ROUNDER - p;
    float f = PowerOfTwo.ROUNDER - rounded - p;
    float power = Math.fma(PowerOfTwo.E5, f, PowerOfTwo.E4);
    power = Math.fma(power, f, PowerOfTwo.E3);
    power = Math.fma(power, f, PowerOfTwo.E2);
    power = Math.fma(power, f, PowerOfTwo.E1);
    power = Math.fma(power, f, PowerOfTwo.E0);
    int exponent = Float.floatToRawIntBits(rounded) << PowerOfTwo.EXPONENT_SHIFT;
    float e = Float.intBitsToFloat(exponent + Float.floatToRawIntBits(power));
    return (g < 0 ? e : 1) / (1 + e);
  }
}
