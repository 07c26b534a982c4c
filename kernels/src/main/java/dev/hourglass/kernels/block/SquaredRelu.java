package dev.hourglass.kernels.block;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Curve#SQUARED_RELU}; what is no number passes. */
final class SquaredRelu {

  private SquaredRelu() {}

  static void forward(long a, long g, long y, long bytes) {
    for (long i = 0; i < bytes; i += Lanes.BYTES) {
      FloatVector gate = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, g + i, ORDER);
      FloatVector relu = gate.blend(0f, gate.compare(VectorOperators.LE, 0f));
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER)
          .mul(relu.mul(relu))
          .intoMemorySegment(ALL, y + i, ORDER);
    }
  }

  static void backward(
      long a, long g, long yGradient, long aGradient, long gGradient, long y, long bytes) {
    for (long i = 0; i < bytes; i += Lanes.BYTES) {
      FloatVector gate = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, g + i, ORDER);
      FloatVector value = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER);
      FloatVector given = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + i, ORDER);
      FloatVector relu = gate.blend(0f, gate.compare(VectorOperators.LE, 0f));
      FloatVector square = relu.mul(relu);
      given.mul(square).intoMemorySegment(ALL, aGradient + i, ORDER);
      given.mul(value).mul(relu.add(relu)).intoMemorySegment(ALL, gGradient + i, ORDER);
      value.mul(square).intoMemorySegment(ALL, y + i, ORDER);
    }
  }

  static float value(float g) {
    float relu = Relu.value(g);
    return relu * relu;
  }

  static float slope(float g) {
    float relu = Relu.value(g);
    return relu + relu;
  }
}
