package dev.hourglass.kernels.block;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Curve#RELU}: its slope at 0 is 0, and what is no number passes. */
final class Relu {

  private Relu() {}

  static void forward(long a, long g, long y, long bytes) {
    for (long i = 0; i < bytes; i += Lanes.BYTES) {
      FloatVector gate = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, g + i, ORDER);
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER)
          .mul(gate.blend(0f, gate.compare(VectorOperators.LE, 0f)))
          .intoMemorySegment(ALL, y + i, ORDER);
    }
  }

  static void backward(
      long a, long g, long yGradient, long aGradient, long gGradient, long y, long bytes) {
    FloatVector ones = FloatVector.broadcast(Lanes.FLOATS, 1);
    for (long i = 0; i < bytes; i += Lanes.BYTES) {
      FloatVector gate = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, g + i, ORDER);
      VectorMask<Float> off = gate.compare(VectorOperators.LE, 0f);
      FloatVector value = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER);
      FloatVector given = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + i, ORDER);
      FloatVector relu = gate.blend(0f, off);
      given.mul(relu).intoMemorySegment(ALL, aGradient + i, ORDER);
      given.mul(value).mul(ones.blend(0f, off)).intoMemorySegment(ALL, gGradient + i, ORDER);
      value.mul(relu).intoMemorySegment(ALL, y + i, ORDER);
    }
  }

  static float value(float g) {
    return g <= 0 ? 0 : g;
  }

  static float slope(float g) {
    return g <= 0 ? 0 : 1;
  }
}
