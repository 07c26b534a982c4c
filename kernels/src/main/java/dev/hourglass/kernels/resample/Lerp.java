package dev.hourglass.kernels.resample;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The learned mix of a skip with what comes from the level below (docs/model.md, 1.4). */
final class Lerp {

  private Lerp() {}

  /** {@code y = skip + factor * (x - skip)}. */
  static void forward(long skip, long x, float factor, long y, int count) {
    int whole = count - count % Lanes.COUNT;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector s = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, skip + 4L * i, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + 4L * i, ORDER);
      v.sub(s)
          .lanewise(VectorOperators.FMA, FloatVector.broadcast(Lanes.FLOATS, factor), s)
          .intoMemorySegment(ALL, y + 4L * i, ORDER);
    }
    for (int i = whole; i < count; i++) {
      float s = Memory.getFloat(skip + 4L * i);
      Memory.setFloat(y + 4L * i, Math.fma(Memory.getFloat(x + 4L * i) - s, factor, s));
    }
  }

  /** {@code y = factor * x}. */
  static void scale(long x, float factor, long y, int count) {
    int whole = count - count % Lanes.COUNT;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + 4L * i, ORDER)
          .mul(factor)
          .intoMemorySegment(ALL, y + 4L * i, ORDER);
    }
    for (int i = whole; i < count; i++) {
      Memory.setFloat(y + 4L * i, Memory.getFloat(x + 4L * i) * factor);
    }
  }

  /** {@code y = skip + factors * (x - skip)}, number by number. */
  static void forward(long skip, long x, long factors, long y, int count) {
    int whole = count - count % Lanes.COUNT;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector s = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, skip + 4L * i, ORDER);
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + 4L * i, ORDER)
          .sub(s)
          .fma(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, factors + 4L * i, ORDER), s)
          .intoMemorySegment(ALL, y + 4L * i, ORDER);
    }
    for (int i = whole; i < count; i++) {
      float s = Memory.getFloat(skip + 4L * i);
      float f = Memory.getFloat(factors + 4L * i);
      Memory.setFloat(y + 4L * i, Math.fma(Memory.getFloat(x + 4L * i) - s, f, s));
    }
  }

  /** {@code y = factors * x}, number by number. */
  static void scale(long x, long factors, long y, int count) {
    int whole = count - count % Lanes.COUNT;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + 4L * i, ORDER)
          .mul(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, factors + 4L * i, ORDER))
          .intoMemorySegment(ALL, y + 4L * i, ORDER);
    }
    for (int i = whole; i < count; i++) {
      Memory.setFloat(y + 4L * i, Memory.getFloat(x + 4L * i) * Memory.getFloat(factors + 4L * i));
    }
  }

  /** {@code skipGradient = (1 - factors) * yGradient}, and {@code sums += yGradient * skip}. */
  static void skipGradient(
      long skip, long yGradient, long factors, long skipGradient, long sums, int count) {
    FloatVector one = FloatVector.broadcast(Lanes.FLOATS, 1);
    int whole = count - count % Lanes.COUNT;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector g = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + 4L * i, ORDER);
      one.sub(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, factors + 4L * i, ORDER))
          .mul(g)
          .intoMemorySegment(ALL, skipGradient + 4L * i, ORDER);
      g.fma(
              FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, skip + 4L * i, ORDER),
              FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, sums + 4L * i, ORDER))
          .intoMemorySegment(ALL, sums + 4L * i, ORDER);
    }
    for (int i = whole; i < count; i++) {
      float g = Memory.getFloat(yGradient + 4L * i);
      Memory.setFloat(skipGradient + 4L * i, (1 - Memory.getFloat(factors + 4L * i)) * g);
      float sum = Memory.getFloat(sums + 4L * i);
      Memory.setFloat(sums + 4L * i, Math.fma(g, Memory.getFloat(skip + 4L * i), sum));
    }
  }
}
