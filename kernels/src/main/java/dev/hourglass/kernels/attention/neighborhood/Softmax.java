package dev.hourglass.kernels.attention.neighborhood;

import static dev.hourglass.kernels.memory.Lanes.BYTES;
import static dev.hourglass.kernels.memory.Lanes.FLOATS;
import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.PowerOfTwo;
import dev.hourglass.kernels.memory.Scratch;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax over the windows of a tile's queries, one query in each lane, and its gradient. */
final class Softmax {

  private static final float LOG2_E = 1.442695f;

  /** Below, e^x counts as 0; the exponent of the result would be out of range soon after. */
  private static final float LOWEST = -87f;

  private final Shape shape;
  private final int slots;

  /** One number for each lane. */
  private final long lane;

  Softmax(Shape shape, Scratch scratch) {
    this.shape = shape;
    slots = shape.kernel * shape.kernel;
    lane = scratch.bytes(BYTES);
  }

  /** Replaces logits by probabilities. */
  void normalize(int row, int rows, long logits) {
    for (int r = 0; r < rows; r++) {
      long window = window(row, r, logits);
      maximum(window);
      exponentials(window);
      scale(window);
    }
  }

  /** Replaces the gradients of probabilities by those of logits: {@code dS = P (dP - sum P dP)}. */
  void gradient(int row, int rows, long probabilities, long gradients) {
    for (int r = 0; r < rows; r++) {
      long p = window(row, r, probabilities);
      long g = window(row, r, gradients);
      dot(p, g);
      centre(p, g);
    }
  }

  private long window(int row, int r, long weights) {
    int keyRow = shape.rows.start(row + r) - shape.rows.start(row);
    return weights + r * shape.weightRow + keyRow * shape.weightKeyRow;
  }

  private void maximum(long window) {
    FloatVector even = FloatVector.fromMemorySegment(FLOATS, ALL, window, ORDER);
    FloatVector odd = even;
    long end = window + (long) slots * BYTES;
    // slots is odd.
    for (long at = window + BYTES; at != end; at += 2L * BYTES) {
      FloatVector a = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(FLOATS, ALL, at + BYTES, ORDER);
      odd = odd.blend(a, odd.compare(VectorOperators.LT, a));
      even = even.blend(b, even.compare(VectorOperators.LT, b));
    }
    even.blend(odd, even.compare(VectorOperators.LT, odd)).intoMemorySegment(ALL, lane, ORDER);
  }

  /** {@code e^x = 2^n 2^f} with n whole and f in -1/2 .. 1/2, a polynomial (error 2e-7). */
  private void exponentials(long window) {
    FloatVector maximum = FloatVector.fromMemorySegment(FLOATS, ALL, lane, ORDER);
    FloatVector log2e = FloatVector.broadcast(FLOATS, LOG2_E);
    FloatVector rounder = FloatVector.broadcast(FLOATS, PowerOfTwo.ROUNDER);
    FloatVector sum = FloatVector.zero(FLOATS);
    long at = window;
    long end = at + (long) slots * BYTES;
    do {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER).sub(maximum);
      FloatVector n = x.fma(log2e, rounder);
      FloatVector f = x.fma(log2e, rounder.sub(n));
      FloatVector p = FloatVector.broadcast(FLOATS, PowerOfTwo.E5);
      p = p.fma(f, FloatVector.broadcast(FLOATS, PowerOfTwo.E4));
      p = p.fma(f, FloatVector.broadcast(FLOATS, PowerOfTwo.E3));
      p = p.fma(f, FloatVector.broadcast(FLOATS, PowerOfTwo.E2));
      p = p.fma(f, FloatVector.broadcast(FLOATS, PowerOfTwo.E1));
      p = p.fma(f, FloatVector.broadcast(FLOATS, PowerOfTwo.E0));
      p =
          p.reinterpretAsInts()
              .add(n.reinterpretAsInts().lanewise(VectorOperators.LSHL, PowerOfTwo.EXPONENT_SHIFT))
              .reinterpretAsFloats();
      p = p.blend(0f, x.compare(VectorOperators.LT, LOWEST));
      sum = sum.add(p);
      p.intoMemorySegment(ALL, at, ORDER);
      at += BYTES;
    } while (at != end);
    FloatVector.broadcast(FLOATS, 1f).div(sum).intoMemorySegment(ALL, lane, ORDER);
  }

  private void scale(long window) {
    FloatVector factor = FloatVector.fromMemorySegment(FLOATS, ALL, lane, ORDER);
    long at = window;
    long end = at + (long) slots * BYTES;
    do {
      FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER)
          .mul(factor)
          .intoMemorySegment(ALL, at, ORDER);
      at += BYTES;
    } while (at != end);
  }

  private void dot(long probabilities, long gradients) {
    FloatVector sum = FloatVector.zero(FLOATS);
    long p = probabilities;
    long g = gradients;
    long end = p + (long) slots * BYTES;
    do {
      sum =
          FloatVector.fromMemorySegment(FLOATS, ALL, p, ORDER)
              .fma(FloatVector.fromMemorySegment(FLOATS, ALL, g, ORDER), sum);
      p += BYTES;
      g += BYTES;
    } while (p != end);
    sum.intoMemorySegment(ALL, lane, ORDER);
  }

  private void centre(long probabilities, long gradients) {
    FloatVector dot = FloatVector.fromMemorySegment(FLOATS, ALL, lane, ORDER);
    long p = probabilities;
    long g = gradients;
    long end = p + (long) slots * BYTES;
    do {
      FloatVector.fromMemorySegment(FLOATS, ALL, g, ORDER)
          .sub(dot)
          .mul(FloatVector.fromMemorySegment(FLOATS, ALL, p, ORDER))
          .intoMemorySegment(ALL, g, ORDER);
      p += BYTES;
      g += BYTES;
    } while (p != end);
  }
}
