package dev.hourglass.kernels.norm;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.LaneSum;
import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import java.lang.foreign.Arena;
import jdk.incubator.vector.FloatVector;

/**
 * Root mean square norm with a scale (docs/model.md, 4.1), on one thread: {@code y = x r scale}
 * with {@code r = 1 / sqrt(mean(x^2) + 1e-6)} for each row. Rows are dense float32.
 */
public final class RmsNorm {

  private static final double EPSILON = 1e-6;
  private static final long STEP = Lanes.BYTES;

  /** Zeros that stand for a row of residual gradient where there is none. */
  private static final long ZEROS = Arena.global().allocate(STEP, STEP).address();

  private RmsNorm() {}

  /**
   * Normalises rows.
   *
   * @param x {@code [tokens, width]}
   * @param scale {@code [width]}
   * @param y {@code [tokens, width]}; may be x
   */
  public static void forward(long x, long scale, long y, int tokens, int width) {
    long row = 4L * width;
    float next = tokens == 0 ? 0 : inverseRms(sumOfSquares(x, width), width);
    for (int t = 0; t < tokens; t++) {
      float inverseRms = next;
      // A row ahead, so that the wait for its root passes while this row is written.
      long ahead = x + Math.min(t + 1, tokens - 1) * row;
      next = inverseRms(sumOfSquares(ahead, width), width);
      scaleRow(x + t * row, scale, inverseRms, y + t * row, width);
    }
  }

  private static float inverseRms(float sumOfSquares, int width) {
    return (float) Math.sqrt(width / (sumOfSquares + width * EPSILON));
  }

  /** Bytes of the whole blocks of {@code vectors} vectors in a row. */
  private static long whole(int width, int vectors) {
    return 4L * (width - width % (vectors * Lanes.COUNT));
  }

  private static float sumOfSquares(long x, int width) {
    FloatVector a = FloatVector.zero(Lanes.FLOATS);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    long p = x;
    for (long end = x + whole(width, 4); p != end; p += 4 * STEP) {
      FloatVector v0 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, p, ORDER);
      FloatVector v1 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, p + STEP, ORDER);
      FloatVector v2 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, p + 2 * STEP, ORDER);
      FloatVector v3 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, p + 3 * STEP, ORDER);
      a = v0.fma(v0, a);
      b = v1.fma(v1, b);
      c = v2.fma(v2, c);
      d = v3.fma(v3, d);
    }
    for (long end = x + whole(width, 1); p != end; p += STEP) {
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, p, ORDER);
      a = v.fma(v, a);
    }
    float sum = LaneSum.of(a.add(b).add(c.add(d)));
    for (long end = x + 4L * width; p != end; p += 4) {
      sum = Math.fma(Memory.getFloat(p), Memory.getFloat(p), sum);
    }
    return sum;
  }

  private static void scaleRow(long x, long scale, float inverseRms, long y, int width) {
    long i = 0;
    for (long end = whole(width, 1); i != end; i += STEP) {
      FloatVector s = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, scale + i, ORDER);
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + i, ORDER)
          .mul(s.mul(inverseRms))
          .intoMemorySegment(ALL, y + i, ORDER);
    }
    for (long end = 4L * width; i != end; i += 4) {
      float s = Memory.getFloat(scale + i) * inverseRms;
      Memory.setFloat(y + i, Memory.getFloat(x + i) * s);
    }
  }

  /**
   * Gradients of x and of the scale. Nothing of the forward pass is needed but x.
   *
   * @param x {@code [tokens, width]}
   * @param scale {@code [width]}
   * @param yGradient {@code [tokens, width]}
   * @param residualGradient {@code [tokens, width]}, added to the gradient of x; 0 for none
   * @param xGradient {@code [tokens, width]}; may be yGradient or residualGradient
   * @param scaleGradient {@code [width]}; added to
   */
  public static void backward(
      long x,
      long scale,
      long yGradient,
      long residualGradient,
      long xGradient,
      long scaleGradient,
      int tokens,
      int width) {
    long row = 4L * width;
    for (int t = 0; t < tokens; t += 2) {
      long at = t * row;
      backwardPair(
          x + at,
          scale,
          yGradient + at,
          residualGradient == 0 ? 0 : residualGradient + at,
          xGradient + at,
          scaleGradient,
          t + 1 < tokens ? row : 0,
          width);
    }
  }

  /**
   * Two rows at once: they share loads and stores of the scale and its gradient, and one's long
   * chains of operations fill the other's waits.
   *
   * @param next bytes from the first row to the second; 0 for a single row, which stands for both
   */
  private static void backwardPair(
      long x,
      long scale,
      long yGradient,
      long residual,
      long xGradient,
      long scaleGradient,
      long next,
      int width) {
    long x2 = x + next;
    long yGradient2 = yGradient + next;
    FloatVector squares = FloatVector.zero(Lanes.FLOATS);
    FloatVector squares2 = squares;
    FloatVector dots = squares;
    FloatVector dots2 = squares;
    long i = 0;
    long wholeEnd = whole(width, 1);
    for (; i != wholeEnd; i += STEP) {
      FloatVector s = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, scale + i, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + i, ORDER);
      FloatVector v2 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x2 + i, ORDER);
      FloatVector g = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + i, ORDER);
      FloatVector g2 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient2 + i, ORDER);
      squares = v.fma(v, squares);
      squares2 = v2.fma(v2, squares2);
      dots = v.fma(g.mul(s), dots);
      dots2 = v2.fma(g2.mul(s), dots2);
    }
    float square = LaneSum.of(squares);
    float square2 = LaneSum.of(squares2);
    float dot = LaneSum.of(dots);
    float dot2 = LaneSum.of(dots2);
    for (long end = 4L * width; i != end; i += 4) {
      float s = Memory.getFloat(scale + i);
      float v = Memory.getFloat(x + i);
      float v2 = Memory.getFloat(x2 + i);
      square = Math.fma(v, v, square);
      square2 = Math.fma(v2, v2, square2);
      dot = Math.fma(v, Memory.getFloat(yGradient + i) * s, dot);
      dot2 = Math.fma(v2, Memory.getFloat(yGradient2 + i) * s, dot2);
    }
    float r = inverseRms(square, width);
    float r2 = inverseRms(square2, width);
    // For a gradient g of x r, that of x is r g - x r^3 mean(g x).
    float pull = -r * r * r * dot / width;
    float pull2 = -r2 * r2 * r2 * dot2 / width;
    if (next == 0) {
      // As the first of the two a single row counts nothing; as the second it overwrites the first.
      r = 0;
      pull = 0;
    }
    writePair(
        x, scale, yGradient, residual, xGradient, scaleGradient, next, width, r, r2, pull, pull2);
  }

  /** {@code xGradient = residual + r scale yGradient + pull x}, and the scale's gradient. */
  private static void writePair(
      long x,
      long scale,
      long yGradient,
      long residual,
      long xGradient,
      long scaleGradient,
      long next,
      int width,
      float r,
      float r2,
      float pull,
      float pull2) {
    long x2 = x + next;
    long yGradient2 = yGradient + next;
    long xGradient2 = xGradient + next;
    boolean none = residual == 0;
    long added = none ? ZEROS : residual;
    long addedNext = none ? 0 : next;
    long addedStep = none ? 0 : STEP;
    FloatVector pulls = FloatVector.broadcast(Lanes.FLOATS, pull);
    FloatVector pulls2 = FloatVector.broadcast(Lanes.FLOATS, pull2);
    long i = 0;
    for (long end = whole(width, 1); i != end; i += STEP) {
      FloatVector s = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, scale + i, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + i, ORDER);
      FloatVector v2 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x2 + i, ORDER);
      FloatVector g = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + i, ORDER);
      FloatVector g2 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient2 + i, ORDER);
      FloatVector a = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, added, ORDER);
      FloatVector a2 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, added + addedNext, ORDER);
      FloatVector sum = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, scaleGradient + i, ORDER);
      g = g.mul(r);
      g2 = g2.mul(r2);
      g.fma(s, v.fma(pulls, a)).intoMemorySegment(ALL, xGradient + i, ORDER);
      g2.fma(s, v2.fma(pulls2, a2)).intoMemorySegment(ALL, xGradient2 + i, ORDER);
      g2.fma(v2, g.fma(v, sum)).intoMemorySegment(ALL, scaleGradient + i, ORDER);
      added += addedStep;
    }
    for (long end = 4L * width; i != end; i += 4) {
      float s = Memory.getFloat(scale + i);
      float v = Memory.getFloat(x + i);
      float v2 = Memory.getFloat(x2 + i);
      float g = Memory.getFloat(yGradient + i) * r;
      float g2 = Memory.getFloat(yGradient2 + i) * r2;
      float a = none ? 0 : Memory.getFloat(residual + i);
      float a2 = none ? 0 : Memory.getFloat(residual + next + i);
      float sum = Memory.getFloat(scaleGradient + i);
      Memory.setFloat(xGradient + i, Math.fma(g, s, Math.fma(v, pull, a)));
      Memory.setFloat(xGradient2 + i, Math.fma(g2, s, Math.fma(v2, pull2, a2)));
      Memory.setFloat(scaleGradient + i, Math.fma(g2, v2, Math.fma(g, v, sum)));
    }
  }
}
