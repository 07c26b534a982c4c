// Written by Unroller from SiluVectors.template: change that, not this.
package dev.hourglass.kernels.block;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.PowerOfTwo;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Silu} of whole vectors. */
final class SiluVectors {

  private static final int SIGN = 0x80000000;
  private static final int LIMIT_BITS = Float.floatToRawIntBits(Silu.LIMIT);

  private SiluVectors() {}

  static void forward(long a, long g, long y, long end) {
    FloatVector rounder = FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.ROUNDER);
    FloatVector one = FloatVector.broadcast(Lanes.FLOATS, 1);
    long i = 0;
    do {
      FloatVector gate = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, g + i, ORDER);
      FloatVector p =
          gate.reinterpretAsInts()
              .and(~SIGN)
              .min(LIMIT_BITS)
              .reinterpretAsFloats()
              .mul(FloatVector.broadcast(Lanes.FLOATS, Silu.LOG2_E));
      FloatVector rounded = rounder.sub(p); // -round(p) in the lowest bits
      FloatVector f = rounder.sub(rounded).sub(p);
      FloatVector power =
          f.fma(PowerOfTwo.E5, PowerOfTwo.E4)
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E3))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E2))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E1))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E0));
      FloatVector e =
          rounded
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, PowerOfTwo.EXPONENT_SHIFT)
              .add(power.reinterpretAsInts())
              .reinterpretAsFloats();
      FloatVector s = one.blend(e, gate.compare(VectorOperators.LT, 0f)).div(e.add(one));
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER)
          .mul(gate.mul(s))
          .intoMemorySegment(ALL, y + i, ORDER);
      i += Lanes.BYTES;
    } while (i != end);
  }

  static void backward(
      long a, long g, long yGradient, long aGradient, long gGradient, long y, long end) {
    FloatVector rounder = FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.ROUNDER);
    FloatVector one = FloatVector.broadcast(Lanes.FLOATS, 1);
    long i = 0;
    do {
      FloatVector gate = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, g + i, ORDER);
      FloatVector p =
          gate.reinterpretAsInts()
              .and(~SIGN)
              .min(LIMIT_BITS)
              .reinterpretAsFloats()
              .mul(FloatVector.broadcast(Lanes.FLOATS, Silu.LOG2_E));
      FloatVector rounded = rounder.sub(p); // -round(p) in the lowest bits
      FloatVector f = rounder.sub(rounded).sub(p);
      FloatVector power =
          f.fma(PowerOfTwo.E5, PowerOfTwo.E4)
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E3))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E2))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E1))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E0));
      FloatVector e =
          rounded
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, PowerOfTwo.EXPONENT_SHIFT)
              .add(power.reinterpretAsInts())
              .reinterpretAsFloats();
      FloatVector s = one.blend(e, gate.compare(VectorOperators.LT, 0f)).div(e.add(one));
      FloatVector slope = gate.fma(one.sub(s), one).mul(s);
      FloatVector silu = gate.mul(s);
      FloatVector value = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER);
      FloatVector given = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + i, ORDER);
      given.mul(silu).intoMemorySegment(ALL, aGradient + i, ORDER);
      given.mul(value).mul(slope).intoMemorySegment(ALL, gGradient + i, ORDER);
      value.mul(silu).intoMemorySegment(ALL, y + i, ORDER);
      i += Lanes.BYTES;
    } while (i != end);
  }
}
