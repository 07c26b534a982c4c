package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.PowerOfTwo;

/**
 * {@link Curve#ELU}. Below 0 it is {@code 2^-p - 1} with {@code p = |g| log2(e)}; {@code 2^-p =
 * 2^-n (1 + q)} with n the integer nearest to p, so {@code 2^-n q + (2^-n - 1)} keeps the digits of
 * small results. From -80 on it is -1. The slope at 0 is 1.
 */
final class Elu {

  private Elu() {}

  static void forward(long a, long g, long y, int width) {
    long whole = 4L * (width - width % Lanes.COUNT);
    if (whole > 0) {
      EluVectors.forward(a, g, y, whole);
    }
    for (long i = whole; i < 4L * width; i += 4) {
      float gate = Memory.getFloat(g + i);
      float elu = gate < 0 ? below(gate) : gate;
      Memory.setFloat(y + i, Memory.getFloat(a + i) * elu);
    }
  }

  static void backward(
      long a, long g, long yGradient, long aGradient, long gGradient, long y, int width) {
    long whole = 4L * (width - width % Lanes.COUNT);
    if (whole > 0) {
      EluVectors.backward(a, g, yGradient, aGradient, gGradient, y, whole);
    }
    for (long i = whole; i < 4L * width; i += 4) {
      float gate = Memory.getFloat(g + i);
      float value = Memory.getFloat(a + i);
      float given = Memory.getFloat(yGradient + i);
      float elu = gate < 0 ? below(gate) : gate;
      float slope = gate < 0 ? elu + 1 : 1;
      Memory.setFloat(aGradient + i, given * elu);
      Memory.setFloat(gGradient + i, given * value * slope);
      Memory.setFloat(y + i, value * elu);
    }
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
