package dev.hourglass.kernels.block;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Curve#SQUARED_RELU}; what is no number passes. */
final class SquaredRelu {

  private SquaredRelu() {}

  static void forward(long a, long g, long y, int width) {
    long i = 0;
    for (long end = 4L * (width - width % Lanes.COUNT); i < end; i += Lanes.BYTES) {
      FloatVector gate = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, g + i, ORDER);
      FloatVector relu = gate.blend(0f, gate.compare(VectorOperators.LE, 0f));
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER)
          .mul(relu.mul(relu))
          .intoMemorySegment(ALL, y + i, ORDER);
    }
    for (; i < 4L * width; i += 4) {
      float relu = relu(Memory.getFloat(g + i));
      Memory.setFloat(y + i, Memory.getFloat(a + i) * (relu * relu));
    }
  }

  static void backward(
      long a, long g, long yGradient, long aGradient, long gGradient, long y, int width) {
    long i = 0;
    for (long end = 4L * (width - width % Lanes.COUNT); i < end; i += Lanes.BYTES) {
      FloatVector gate = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, g + i, ORDER);
      FloatVector value = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER);
      FloatVector given = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + i, ORDER);
      FloatVector relu = gate.blend(0f, gate.compare(VectorOperators.LE, 0f));
      FloatVector square = relu.mul(relu);
      given.mul(square).intoMemorySegment(ALL, aGradient + i, ORDER);
      given.mul(value).mul(relu.add(relu)).intoMemorySegment(ALL, gGradient + i, ORDER);
      value.mul(square).intoMemorySegment(ALL, y + i, ORDER);
    }
    for (; i < 4L * width; i += 4) {
      float relu = relu(Memory.getFloat(g + i));
      float value = Memory.getFloat(a + i);
      float given = Memory.getFloat(yGradient + i);
      Memory.setFloat(aGradient + i, given * (relu * relu));
      Memory.setFloat(gGradient + i, given * value * (relu + relu));
      Memory.setFloat(y + i, value * (relu * relu));
    }
  }

  private static float relu(float g) {
    return g <= 0 ? 0 : g;
  }
}
