package dev.hourglass.kernels.rotary;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.LaneSum;
import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.rotary.CosineRotary.Factor;
import jdk.incubator.vector.FloatVector;

/**
 * {@link CosineRotary} where a quarter of the channels is whole vectors.
 *
 * <p>Angles come as a row's and a column's table ({@link RotaryTables}), the column's of the first
 * token; the next one's follows. A quarter is given in bytes.
 */
final class RotaryVectors {

  private static final long STEP = Lanes.BYTES;

  private RotaryVectors() {}

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
      float f = factor.of(dot(x, x, 4 * quarter));
      Memory.setFloat(factors + 4L * t, f);
      long i = 0;
      do {
        FloatVector a = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + i, ORDER);
        FloatVector b = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + quarter + i, ORDER);
        FloatVector c =
            FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + 2 * quarter + i, ORDER);
        FloatVector d =
            FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + 3 * quarter + i, ORDER);
        FloatVector cos =
            FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, row + i, ORDER)
                .add(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, column + i, ORDER))
                .mul(f);
        FloatVector sin =
            FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, row + quarter + i, ORDER)
                .add(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, column + quarter + i, ORDER))
                .mul(f);
        a.mul(cos).sub(b.mul(sin)).intoMemorySegment(ALL, y + i, ORDER);
        b.mul(cos).add(a.mul(sin)).intoMemorySegment(ALL, y + quarter + i, ORDER);
        c.mul(f).intoMemorySegment(ALL, y + 2 * quarter + i, ORDER);
        d.mul(f).intoMemorySegment(ALL, y + 3 * quarter + i, ORDER);
        i += STEP;
      } while (i != quarter);
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
      float dot = dot(y, yGradient, 4 * quarter);
      sum += dot;
      float f = Memory.getFloat(factors + 4L * t);
      FloatVector m = FloatVector.broadcast(Lanes.FLOATS, -dot * inverseScale);
      long i = 0;
      do {
        long j = i + quarter;
        FloatVector a = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, y + i, ORDER);
        FloatVector b = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, y + j, ORDER);
        FloatVector c = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, y + quarter + j, ORDER);
        FloatVector d =
            FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, y + 2 * quarter + j, ORDER);
        a = a.fma(m, FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + i, ORDER));
        b = b.fma(m, FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + j, ORDER));
        c =
            c.fma(
                m,
                FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + quarter + j, ORDER));
        d =
            d.fma(
                m,
                FloatVector.fromMemorySegment(
                    Lanes.FLOATS, ALL, yGradient + 2 * quarter + j, ORDER));
        FloatVector cos =
            FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, row + i, ORDER)
                .add(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, column + i, ORDER))
                .mul(f);
        FloatVector sin =
            FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, row + j, ORDER)
                .add(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, column + j, ORDER))
                .mul(f);
        a.mul(cos).add(b.mul(sin)).intoMemorySegment(ALL, xGradient + i, ORDER);
        b.mul(cos).sub(a.mul(sin)).intoMemorySegment(ALL, xGradient + j, ORDER);
        c.mul(f).intoMemorySegment(ALL, xGradient + quarter + j, ORDER);
        d.mul(f).intoMemorySegment(ALL, xGradient + 2 * quarter + j, ORDER);
        i += STEP;
      } while (i != quarter);
      y += 4 * quarter;
      yGradient += 4 * quarter;
      xGradient += xStride;
      column += 2 * quarter;
    }
    return sum;
  }

  /** {@code sum(a * b)} of an even number of whole vectors. */
  private static float dot(long a, long b, long bytes) {
    FloatVector sum = FloatVector.zero(Lanes.FLOATS);
    FloatVector sum2 = sum;
    long i = 0;
    do {
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER);
      FloatVector v2 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i + STEP, ORDER);
      sum = v.fma(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, b + i, ORDER), sum);
      sum2 = v2.fma(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, b + i + STEP, ORDER), sum2);
      i += 2 * STEP;
    } while (i != bytes);
    return LaneSum.of(sum.add(sum2));
  }
}
