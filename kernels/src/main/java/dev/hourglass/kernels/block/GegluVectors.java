// Written by Unroller from GegluVectors.template: change that, not this.
package dev.hourglass.kernels.block;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.PowerOfTwo;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Geglu} of whole vectors. */
final class GegluVectors {

  // p(x): weighted so that the absolute error counts up to x = 3, the relative error from there on.
  private static final float P0 = 1;
  private static final float P1 = 1.1511121f;
  private static final float P2 = 0.4591347f;
  private static final float P3 = 0.05274469f;
  private static final float P4 = -0.007437986f;
  private static final float P5 = 4.2064235e-4f;
  private static final float P6 = 7.577683e-5f;
  private static final float P7 = -1.9038695e-5f;
  private static final float P8 = 1.6676156e-6f;
  private static final float P9 = -5.452536e-8f;

  // 1 - x density(x) / Phi(-x), weighted in the same way.
  private static final float M0 = 1;
  private static final float M1 = -0.7979208f;
  private static final float M2 = -0.6361998f;
  private static final float M3 = -0.11058941f;
  private static final float M4 = 0.021884186f;
  private static final float M5 = -0.0023627514f;
  private static final float M6 = 3.950396e-5f;
  private static final float M7 = 1.666141e-5f;
  private static final float M8 = -1.12002e-6f;

  private static final int SIGN = 0x80000000;
  private static final int LIMIT_BITS = Float.floatToRawIntBits(Geglu.LIMIT);

  static final float[] P = {P0, P1, P2, P3, P4, P5, P6, P7, P8, P9};
  static final float[] M = {M0, M1, M2, M3, M4, M5, M6, M7, M8};
  static final float[] E = {
    PowerOfTwo.E0, PowerOfTwo.E1, PowerOfTwo.E2, PowerOfTwo.E3, PowerOfTwo.E4, PowerOfTwo.E5
  };

  private GegluVectors() {}

  static void forward(long a, long g, long y, long end) {
    FloatVector rounder = FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.ROUNDER);
    long i = 0;
    do {
      IntVector bits =
          FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, g + i, ORDER).reinterpretAsInts();
      FloatVector x = bits.and(~SIGN).min(LIMIT_BITS).reinterpretAsFloats();
      FloatVector p =
          x.fma(P9, P8)
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P7))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P6))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P5))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P4))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P3))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P2))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P1))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P0));
      FloatVector rounded = rounder.sub(p); // -round(p) in the lowest bits
      FloatVector f = rounder.sub(rounded).sub(p);
      FloatVector power =
          f.fma(PowerOfTwo.E5, PowerOfTwo.E4)
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E3))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E2))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E1))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E0));
      FloatVector tail =
          rounded
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, PowerOfTwo.EXPONENT_SHIFT)
              .add(power.reinterpretAsInts())
              .reinterpretAsFloats();
      FloatVector gelu =
          bits.or(SIGN).reinterpretAsFloats().fma(tail, bits.max(0).reinterpretAsFloats());
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER)
          .mul(gelu)
          .intoMemorySegment(ALL, y + i, ORDER);
      i += Lanes.BYTES;
    } while (i != end);
  }

  static void backward(
      long a, long g, long yGradient, long aGradient, long gGradient, long y, long end) {
    FloatVector rounder = FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.ROUNDER);
    long i = 0;
    do {
      IntVector bits =
          FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, g + i, ORDER).reinterpretAsInts();
      FloatVector x = bits.and(~SIGN).min(LIMIT_BITS).reinterpretAsFloats();
      FloatVector p =
          x.fma(P9, P8)
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P7))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P6))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P5))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P4))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P3))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P2))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P1))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, P0));
      FloatVector rounded = rounder.sub(p); // -round(p) in the lowest bits
      FloatVector f = rounder.sub(rounded).sub(p);
      FloatVector power =
          f.fma(PowerOfTwo.E5, PowerOfTwo.E4)
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E3))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E2))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E1))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.E0));
      FloatVector tail =
          rounded
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, PowerOfTwo.EXPONENT_SHIFT)
              .add(power.reinterpretAsInts())
              .reinterpretAsFloats();
      FloatVector m =
          x.fma(M8, M7)
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, M6))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, M5))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, M4))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, M3))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, M2))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, M1))
              .fma(x, FloatVector.broadcast(Lanes.FLOATS, M0))
              .mul(tail);
      VectorMask<Float> negative = bits.lt(0).cast(Lanes.FLOATS);
      FloatVector slope = FloatVector.broadcast(Lanes.FLOATS, 1).sub(m).blend(m, negative);
      FloatVector gelu =
          bits.or(SIGN).reinterpretAsFloats().fma(tail, bits.max(0).reinterpretAsFloats());
      FloatVector value = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + i, ORDER);
      FloatVector given = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, yGradient + i, ORDER);
      given.mul(gelu).intoMemorySegment(ALL, aGradient + i, ORDER);
      given.mul(value).mul(slope).intoMemorySegment(ALL, gGradient + i, ORDER);
      value.mul(gelu).intoMemorySegment(ALL, y + i, ORDER);
      i += Lanes.BYTES;
    } while (i != end);
  }
}
