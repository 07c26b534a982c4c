// Written by Unroller from EluVectors.template: change that, not this.
package dev.hourglass.kernels.block;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.PowerOfTwo;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Elu} of whole vectors. */
final class EluVectors {

  private static final int SIGN = 0x80000000;
  private static final int LIMIT_BITS = Float.floatToRawIntBits(Silu.LIMIT);
  private static final int ONE_BITS = Float.floatToRawIntBits(1);

  private EluVectors() {}

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
              .mul(f);
      FloatVector scale =
          rounded
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, PowerOfTwo.EXPONENT_SHIFT)
              .add(ONE_BITS)
              .reinterpretAsFloats();
      VectorMask<Float> negative = gate.compare(VectorOperators.LT, 0f);
      FloatVector elu = gate.blend(scale.fma(power, scale.sub(one)), negative);
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER)
          .mul(elu)
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
              .mul(f);
      FloatVector scale =
          rounded
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, PowerOfTwo.EXPONENT_SHIFT)
              .add(ONE_BITS)
              .reinterpretAsFloats();
      VectorMask<Float> negative = gate.compare(VectorOperators.LT, 0f);
      FloatVector elu = gate.blend(scale.fma(power, scale.sub(one)), negative);
      FloatVector slope = one.blend(elu.add(one), negative);
      FloatVector value = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER);
      FloatVector given = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + i, ORDER);
      given.mul(elu).intoMemorySegment(ALL, aGradient + i, ORDER);
      given.mul(value).mul(slope).intoMemorySegment(ALL, gGradient + i, ORDER);
      value.mul(elu).intoMemorySegment(ALL, y + i, ORDER);
      i += Lanes.BYTES;
    } while (i != end);
  }
}
