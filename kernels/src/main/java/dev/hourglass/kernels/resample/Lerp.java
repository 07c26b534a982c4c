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
}
