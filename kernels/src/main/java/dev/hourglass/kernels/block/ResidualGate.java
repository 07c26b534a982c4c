package dev.hourglass.kernels.block;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import jdk.incubator.vector.FloatVector;

/** The gate of AdaLN's residual, {@code y = x + gate * f}, a row at a time on one thread. */
final class ResidualGate {

  private ResidualGate() {}

  /** {@code y = x + gate * f}; y may be f. */
  static void forward(long x, long gate, long f, long y, int width) {
    long i = 0;
    for (long end = 4L * (width - width % Lanes.COUNT); i < end; i += Lanes.BYTES) {
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, gate + i, ORDER)
          .fma(
              FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, f + i, ORDER),
              FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + i, ORDER))
          .intoMemorySegment(ALL, y + i, ORDER);
    }
    for (; i < 4L * width; i += 4) {
      float scaled =
          Math.fma(Memory.getFloat(gate + i), Memory.getFloat(f + i), Memory.getFloat(x + i));
      Memory.setFloat(y + i, scaled);
    }
  }

  /** {@code fGradient = gate * yGradient}, and {@code gateGradient += yGradient * f}. */
  static void backward(
      long gate, long f, long yGradient, long fGradient, long gateGradient, int width) {
    long i = 0;
    for (long end = 4L * (width - width % Lanes.COUNT); i < end; i += Lanes.BYTES) {
      FloatVector given = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + i, ORDER);
      given
          .mul(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, gate + i, ORDER))
          .intoMemorySegment(ALL, fGradient + i, ORDER);
      given
          .fma(
              FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, f + i, ORDER),
              FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, gateGradient + i, ORDER))
          .intoMemorySegment(ALL, gateGradient + i, ORDER);
    }
    for (; i < 4L * width; i += 4) {
      float given = Memory.getFloat(yGradient + i);
      Memory.setFloat(fGradient + i, given * Memory.getFloat(gate + i));
      float sum = Memory.getFloat(gateGradient + i);
      Memory.setFloat(gateGradient + i, Math.fma(given, Memory.getFloat(f + i), sum));
    }
  }
}
