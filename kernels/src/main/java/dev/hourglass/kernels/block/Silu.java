package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
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

  static void forward(long a, long g, long y, int width) {
    long whole = 4L * (width - width % Lanes.COUNT);
    if (whole > 0) {
      SiluVectors.forward(a, g, y, whole);
    }
    for (long i = whole; i < 4L * width; i += 4) {
      float gate = Memory.getFloat(g + i);
      Memory.setFloat(y + i, Memory.getFloat(a + i) * (gate * logistic(gate)));
    }
  }

  static void backward(
      long a, long g, long yGradient, long aGradient, long gGradient, long y, int width) {
    long whole = 4L * (width - width % Lanes.COUNT);
    if (whole > 0) {
      SiluVectors.backward(a, g, yGradient, aGradient, gGradient, y, whole);
    }
    for (long i = whole; i < 4L * width; i += 4) {
      float gate = Memory.getFloat(g + i);
      float value = Memory.getFloat(a + i);
      float given = Memory.getFloat(yGradient + i);
      float s = logistic(gate);
      float slope = s * Math.fma(gate, 1 - s, 1);
      Memory.setFloat(aGradient + i, given * (gate * s));
      Memory.setFloat(gGradient + i, given * value * slope);
      Memory.setFloat(y + i, value * (gate * s));
    }
  }

  /** What a lane computes, for the rest of a row. */
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
