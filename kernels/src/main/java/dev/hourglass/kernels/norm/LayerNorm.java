package dev.hourglass.kernels.norm;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.LaneSum;
import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import java.lang.foreign.Arena;
import jdk.incubator.vector.FloatVector;

/**
 * Layer norm (docs/model.md, 4.1), on one thread: {@code y = (x - mean(x)) r (1 + scale) + shift}
 * with {@code r = 1 / sqrt(variance(x) + 1e-6)} for each row. Rows are dense float32.
 */
final class LayerNorm {

  private static final double EPSILON = 1e-6;
  private static final long STEP = Lanes.BYTES;

  /** Zeros that stand for a row of residual gradient where there is none. */
  private static final long ZEROS = Arena.global().allocate(STEP, STEP).address();

  private LayerNorm() {}

  /** Bytes of the whole vectors of a row. */
  private static long whole(int width) {
    return 4L * (width - width % Lanes.COUNT);
  }

  private static float mean(long x, int width) {
    FloatVector a = FloatVector.zero(Lanes.FLOATS);
    FloatVector b = a;
    long i = 0;
    for (long end = 4L * (width - width % (2 * Lanes.COUNT)); i != end; i += 2 * STEP) {
      a = a.add(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + i, ORDER));
      b = b.add(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + i + STEP, ORDER));
    }
    float sum = LaneSum.of(a.add(b));
    for (long end = 4L * width; i != end; i += 4) {
      sum += Memory.getFloat(x + i);
    }
    return sum / width;
  }

  private static float inverseDeviation(long x, float mean, int width) {
    FloatVector m = FloatVector.broadcast(Lanes.FLOATS, mean);
    FloatVector a = FloatVector.zero(Lanes.FLOATS);
    FloatVector b = a;
    long i = 0;
    for (long end = 4L * (width - width % (2 * Lanes.COUNT)); i != end; i += 2 * STEP) {
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + i, ORDER).sub(m);
      FloatVector w = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + i + STEP, ORDER).sub(m);
      a = v.fma(v, a);
      b = w.fma(w, b);
    }
    float sum = LaneSum.of(a.add(b));
    for (long end = 4L * width; i != end; i += 4) {
      float v = Memory.getFloat(x + i) - mean;
      sum = Math.fma(v, v, sum);
    }
    return (float) (1 / Math.sqrt(sum / (double) width + EPSILON));
  }

  /**
   * Normalises rows.
   *
   * @param x {@code [tokens, width]}
   * @param scale {@code [width]}, as shift
   * @param y {@code [tokens, width]}; may be x
   */
  static void forward(long x, long scale, long shift, long y, int tokens, int width) {
    long row = 4L * width;
    for (int t = 0; t < tokens; t++) {
      float mean = mean(x + t * row, width);
      float r = inverseDeviation(x + t * row, mean, width);
      writeRow(x + t * row, scale, shift, y + t * row, width, mean, r);
    }
  }

  private static void writeRow(
      long x, long scale, long shift, long y, int width, float mean, float r) {
    FloatVector m = FloatVector.broadcast(Lanes.FLOATS, mean);
    FloatVector rs = FloatVector.broadcast(Lanes.FLOATS, r);
    long i = 0;
    for (long end = whole(width); i != end; i += STEP) {
      FloatVector s = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, scale + i, ORDER);
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + i, ORDER)
          .sub(m)
          .fma(s.fma(rs, rs), FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, shift + i, ORDER))
          .intoMemorySegment(ALL, y + i, ORDER);
    }
    for (long end = 4L * width; i != end; i += 4) {
      float factor = Math.fma(Memory.getFloat(scale + i), r, r);
      float v = Memory.getFloat(x + i) - mean;
      Memory.setFloat(y + i, Math.fma(v, factor, Memory.getFloat(shift + i)));
    }
  }

  /**
   * Gradients of x and of the scale; that of the shift is the sum of the rows of yGradient. Nothing
   * of the forward pass is needed but x.
   *
   * @param residual {@code [tokens, width]}, added to the gradient of x; 0 for none
   * @param xGradient {@code [tokens, width]}; may be yGradient or residual
   * @param scaleGradient {@code [width]}; added to
   */
  static void backward(
      long x,
      long scale,
      long yGradient,
      long residual,
      long xGradient,
      long scaleGradient,
      int tokens,
      int width) {
    long row = 4L * width;
    for (int t = 0; t < tokens; t++) {
      long at = t * row;
      backwardRow(
          x + at,
          scale,
          yGradient + at,
          residual == 0 ? 0 : residual + at,
          xGradient + at,
          scaleGradient,
          width);
    }
  }

  private static void backwardRow(
      long x,
      long scale,
      long yGradient,
      long residual,
      long xGradient,
      long scaleGradient,
      int width) {
    float mean = mean(x, width);
    float r = inverseDeviation(x, mean, width);
    FloatVector m = FloatVector.broadcast(Lanes.FLOATS, mean);
    FloatVector sums = FloatVector.zero(Lanes.FLOATS);
    FloatVector dots = sums;
    long i = 0;
    for (long end = whole(width); i != end; i += STEP) {
      FloatVector s = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, scale + i, ORDER);
      FloatVector g = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + i, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + i, ORDER).sub(m);
      g = s.fma(g, g);
      sums = sums.add(g);
      dots = v.fma(g, dots);
    }
    float sum = LaneSum.of(sums);
    float dot = LaneSum.of(dots);
    for (long end = 4L * width; i != end; i += 4) {
      float g = Memory.getFloat(yGradient + i);
      g = Math.fma(Memory.getFloat(scale + i), g, g);
      sum += g;
      dot = Math.fma(Memory.getFloat(x + i) - mean, g, dot);
    }
    // For a gradient g of c r, c = x - mean, that of x is r (g - mean(g)) - c r^3 mean(g c).
    float pull = -r * r * r * dot / width;
    writeRowBack(
        x, scale, yGradient, residual, xGradient, scaleGradient, width, mean, r, pull, sum / width);
  }

  private static void writeRowBack(
      long x,
      long scale,
      long yGradient,
      long residual,
      long xGradient,
      long scaleGradient,
      int width,
      float mean,
      float r,
      float pull,
      float meanGradient) {
    boolean none = residual == 0;
    long added = none ? ZEROS : residual;
    long addedStep = none ? 0 : STEP;
    FloatVector m = FloatVector.broadcast(Lanes.FLOATS, mean);
    FloatVector pulls = FloatVector.broadcast(Lanes.FLOATS, pull);
    FloatVector rs = FloatVector.broadcast(Lanes.FLOATS, r);
    FloatVector meanGradients = FloatVector.broadcast(Lanes.FLOATS, meanGradient);
    long i = 0;
    for (long end = whole(width); i != end; i += STEP) {
      FloatVector s = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, scale + i, ORDER);
      FloatVector g = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + i, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + i, ORDER).sub(m);
      FloatVector a = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, added, ORDER);
      FloatVector sum = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, scaleGradient + i, ORDER);
      s.fma(g, g)
          .sub(meanGradients)
          .fma(rs, v.fma(pulls, a))
          .intoMemorySegment(ALL, xGradient + i, ORDER);
      v.mul(rs).fma(g, sum).intoMemorySegment(ALL, scaleGradient + i, ORDER);
      added += addedStep;
    }
    for (long end = 4L * width; i != end; i += 4) {
      float g = Memory.getFloat(yGradient + i);
      float v = Memory.getFloat(x + i) - mean;
      float a = none ? 0 : Memory.getFloat(residual + i);
      float scaled = Math.fma(Memory.getFloat(scale + i), g, g);
      float sum = Memory.getFloat(scaleGradient + i);
      Memory.setFloat(xGradient + i, Math.fma(scaled - meanGradient, r, Math.fma(v, pull, a)));
      Memory.setFloat(scaleGradient + i, Math.fma(v * r, g, sum));
    }
  }
}
