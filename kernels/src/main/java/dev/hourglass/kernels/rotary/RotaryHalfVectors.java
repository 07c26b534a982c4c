package dev.hourglass.kernels.rotary;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.LaneSum;
import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.rotary.CosineRotary.Factor;
import java.lang.foreign.Arena;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * {@link CosineRotary} where both quarters that rotate lie in one vector.
 *
 * <p>Angles come as a row's and a column's table ({@link RotaryTables}), the column's of the first
 * token; the next one's follows.
 */
final class RotaryHalfVectors {

  private static final long STEP = Lanes.BYTES;
  private static final int HALF = Lanes.COUNT / 2;
  private static final VectorShuffle<Float> EXCHANGED =
      VectorShuffle.iota(Lanes.FLOATS, HALF, 1, true);
  private static final VectorShuffle<Float> FIRST_TWICE =
      VectorShuffle.fromOp(Lanes.FLOATS, i -> i % HALF);
  private static final VectorShuffle<Float> SECOND_TWICE =
      VectorShuffle.fromOp(Lanes.FLOATS, i -> HALF + i % HALF);

  /** What a rotation multiplies sines by: -1 for the first quarter, 1 for the second. */
  private static final long SIGNS = signs();

  private RotaryHalfVectors() {}

  private static long signs() {
    long address = Arena.global().allocate(STEP, STEP).address();
    for (int i = 0; i < Lanes.COUNT; i++) {
      Memory.setFloat(address + 4L * i, i < HALF ? -1 : 1);
    }
    return address;
  }

  /** {@link CosineRotary#forward} of tokens of one row of the grid. */
  static void forward(
      long row,
      long column,
      Factor factor,
      long x,
      long xStride,
      long y,
      long factors,
      int tokens) {
    FloatVector rows = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, row, ORDER);
    FloatVector signs = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, SIGNS, ORDER);
    for (int t = 0; t < tokens; t++) {
      FloatVector a = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + STEP, ORDER);
      FloatVector angles = // d/4 cosines, d/4 sines
          FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, column, ORDER).add(rows);
      float f = factor.of(LaneSum.of(a.mul(a).add(b.mul(b))));
      Memory.setFloat(factors + 4L * t, f);
      FloatVector cos = angles.rearrange(FIRST_TWICE).mul(f);
      FloatVector sin = angles.rearrange(SECOND_TWICE).mul(signs).mul(f);
      a.mul(cos).add(a.rearrange(EXCHANGED).mul(sin)).intoMemorySegment(ALL, y, ORDER);
      b.mul(f).intoMemorySegment(ALL, y + STEP, ORDER);
      x += xStride;
      y += 2 * STEP;
      column += STEP;
    }
  }

  /** {@link CosineRotary#backward} of tokens of one row of the grid; returns {@code sum(g . y)}. */
  static double backward(
      long row,
      long column,
      float inverseScale,
      long y,
      long factors,
      long yGradient,
      long xGradient,
      long xStride,
      int tokens) {
    FloatVector rows = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, row, ORDER);
    FloatVector signs = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, SIGNS, ORDER);
    double sum = 0;
    for (int t = 0; t < tokens; t++) {
      FloatVector a = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, y, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, y + STEP, ORDER);
      FloatVector g = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient, ORDER);
      FloatVector h = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + STEP, ORDER);
      FloatVector angles =
          FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, column, ORDER).add(rows);
      float dot = LaneSum.of(a.mul(g).add(b.mul(h)));
      sum += dot;
      float f = Memory.getFloat(factors + 4L * t);
      FloatVector m = FloatVector.broadcast(Lanes.FLOATS, -dot * inverseScale);
      FloatVector cos = angles.rearrange(FIRST_TWICE).mul(f);
      FloatVector sin = angles.rearrange(SECOND_TWICE).mul(signs).mul(f);
      a = a.fma(m, g);
      a.mul(cos).sub(a.rearrange(EXCHANGED).mul(sin)).intoMemorySegment(ALL, xGradient, ORDER);
      b.fma(m, h).mul(f).intoMemorySegment(ALL, xGradient + STEP, ORDER);
      y += 2 * STEP;
      yGradient += 2 * STEP;
      xGradient += xStride;
      column += STEP;
    }
    return sum;
  }
}
