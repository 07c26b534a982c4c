package dev.hourglass.kernels.rotary;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.rotary.CosineRotary.Factor;

/**
 * {@link CosineRotary} for any size, number by number.
 *
 * <p>Angles come as a row's and a column's table ({@link RotaryTables}), the column's of the first
 * token; the next one's follows. A quarter is given in bytes.
 */
final class RotaryNumbers {

  private RotaryNumbers() {}

  /** {@link CosineRotary#forward} of tokens of one row of the grid. */
  static void forward(
      long row,
      long column,
      long quarter,
      Factor factor,
      long x,
      long xStride,
      long y,
      long factors,
      int tokens) {
    for (int t = 0; t < tokens; t++) {
      float sum = 0;
      for (long i = 0; i < 4 * quarter; i += 4) {
        sum = Math.fma(Memory.getFloat(x + i), Memory.getFloat(x + i), sum);
      }
      float f = factor.of(sum);
      Memory.setFloat(factors + 4L * t, f);
      for (long i = 0; i < quarter; i += 4) {
        float a = Memory.getFloat(x + i) * f;
        float b = Memory.getFloat(x + quarter + i) * f;
        float cos = Memory.getFloat(row + i) + Memory.getFloat(column + i);
        float sin = Memory.getFloat(row + quarter + i) + Memory.getFloat(column + quarter + i);
        Memory.setFloat(y + i, a * cos - b * sin);
        Memory.setFloat(y + quarter + i, b * cos + a * sin);
      }
      for (long i = 2 * quarter; i < 4 * quarter; i += 4) {
        Memory.setFloat(y + i, Memory.getFloat(x + i) * f);
      }
      x += xStride;
      y += 4 * quarter;
      column += 2 * quarter;
    }
  }

  /** {@link CosineRotary#backward} of tokens of one row of the grid; returns {@code sum(g . y)}. */
  static double backward(
      long row,
      long column,
      long quarter,
      float inverseScale,
      long y,
      long factors,
      long yGradient,
      long xGradient,
      long xStride,
      int tokens) {
    double sum = 0;
    for (int t = 0; t < tokens; t++) {
      float dot = 0;
      for (long i = 0; i < 4 * quarter; i += 4) {
        dot = Math.fma(Memory.getFloat(y + i), Memory.getFloat(yGradient + i), dot);
      }
      sum += dot;
      float f = Memory.getFloat(factors + 4L * t);
      float m = -dot * inverseScale;
      for (long i = 0; i < quarter; i += 4) {
        long j = i + quarter;
        float a = f * Math.fma(Memory.getFloat(y + i), m, Memory.getFloat(yGradient + i));
        float b = f * Math.fma(Memory.getFloat(y + j), m, Memory.getFloat(yGradient + j));
        float cos = Memory.getFloat(row + i) + Memory.getFloat(column + i);
        float sin = Memory.getFloat(row + j) + Memory.getFloat(column + j);
        Memory.setFloat(xGradient + i, a * cos + b * sin);
        Memory.setFloat(xGradient + j, b * cos - a * sin);
      }
      for (long i = 2 * quarter; i < 4 * quarter; i += 4) {
        float e = Math.fma(Memory.getFloat(y + i), m, Memory.getFloat(yGradient + i));
        Memory.setFloat(xGradient + i, f * e);
      }
      y += 4 * quarter;
      yGradient += 4 * quarter;
      xGradient += xStride;
      column += 2 * quarter;
    }
    return sum;
  }
}
