package dev.hourglass.kernels.block;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The gated activation {@code y = a gelu(g)} with {@code gelu(g) = g Phi(g)} (hdit:
 * "Feed-forward"), on one thread. Phi is the normal distribution function.
 *
 * <p>For x = |g| it computes {@code Phi(-x) = 2^-p(x)}, where the polynomial p approximates {@code
 * -log2 Phi(-x)}: no division, and small values keep their digits. The gradient needs the density
 * too; {@code 1 - x density(x) / Phi(-x)} is another polynomial, and then
 *
 * <pre>
 * gelu(g)  = max(g, 0) - x Phi(-x)
 * gelu'(g) = m if g &lt; 0, else 1 - m, with m = Phi(-x) (1 - x density(x) / Phi(-x))
 * </pre>
 *
 * <p>Phi is right to 1.4e-7, and Phi(-x) to 1.6e-4 of itself, for x up to 8. Beyond that it stays
 * at Phi(-8) = 6e-16. The slope is right to 7e-7. The coefficients are minimax fits on [0, 8].
 */
public final class Geglu {

  private static final float LIMIT = 8;

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

  // 2^f for f in [-1/2, 1/2], to 9e-8 of itself.
  private static final float E0 = 1;
  private static final float E1 = 0.693147f;
  private static final float E2 = 0.24022242f;
  private static final float E3 = 0.055507336f;
  private static final float E4 = 0.009671513f;
  private static final float E5 = 0.0013264727f;

  /** Added to a float, rounds it to an integer, which then lies in the lowest bits. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final int EXPONENT_SHIFT = 23;
  private static final int SIGN = 0x80000000;
  private static final int LIMIT_BITS = Float.floatToRawIntBits(LIMIT);

  private static final float[] P = {P0, P1, P2, P3, P4, P5, P6, P7, P8, P9};
  private static final float[] M = {M0, M1, M2, M3, M4, M5, M6, M7, M8};
  private static final float[] E = {E0, E1, E2, E3, E4, E5};

  private Geglu() {}

  /**
   * {@code y = a gelu(g)}.
   *
   * @param a {@code [tokens, width]}, rows {@code stride} bytes apart
   * @param g the same
   * @param y {@code [tokens, width]}, rows {@code yStride} bytes apart; may be a or g
   */
  public static void forward(
      long a, long g, long stride, long y, long yStride, int tokens, int width) {
    int whole = width - width % Lanes.COUNT;
    for (int t = 0; t < tokens; t++) {
      long at = t * stride;
      long target = y + t * yStride;
      if (whole > 0) {
        forwardVectors(a + at, g + at, target, 4L * whole);
      }
      for (int i = whole; i < width; i++) {
        float gate = Memory.getFloat(g + at + 4L * i);
        Memory.setFloat(target + 4L * i, Memory.getFloat(a + at + 4L * i) * gelu(gate));
      }
    }
  }

  private static void forwardVectors(long a, long g, long y, long end) {
    FloatVector rounder = FloatVector.broadcast(Lanes.FLOATS, ROUNDER);
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
          f.fma(E5, E4)
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, E3))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, E2))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, E1))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, E0));
      FloatVector tail =
          rounded
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, EXPONENT_SHIFT)
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

  /**
   * Gradients of a and g; y too, which the gradient of the next weight needs.
   *
   * @param a {@code [tokens, width]}, rows {@code stride} bytes apart
   * @param g the same
   * @param yGradient {@code [tokens, width]}, rows {@code yStride} bytes apart
   * @param aGradient {@code [tokens, width]}, rows {@code gradientStride} bytes apart; may be a
   * @param gGradient the same; may be g
   * @param y {@code [tokens, width]}, rows {@code yStride} bytes apart; may be yGradient
   */
  public static void backward(
      long a,
      long g,
      long stride,
      long yGradient,
      long yStride,
      long aGradient,
      long gGradient,
      long gradientStride,
      long y,
      int tokens,
      int width) {
    int whole = width - width % Lanes.COUNT;
    for (int t = 0; t < tokens; t++) {
      long in = t * stride;
      long out = t * yStride;
      long gradient = t * gradientStride;
      if (whole > 0) {
        backwardVectors(
            a + in,
            g + in,
            yGradient + out,
            aGradient + gradient,
            gGradient + gradient,
            y + out,
            4L * whole);
      }
      for (long i = 4L * whole; i < 4L * width; i += 4) {
        float value = Memory.getFloat(a + in + i);
        float gate = Memory.getFloat(g + in + i);
        float given = Memory.getFloat(yGradient + out + i);
        float gelu = gelu(gate);
        Memory.setFloat(aGradient + gradient + i, given * gelu);
        Memory.setFloat(gGradient + gradient + i, given * value * slope(gate));
        Memory.setFloat(y + out + i, value * gelu);
      }
    }
  }

  private static void backwardVectors(
      long a, long g, long yGradient, long aGradient, long gGradient, long y, long end) {
    FloatVector rounder = FloatVector.broadcast(Lanes.FLOATS, ROUNDER);
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
      FloatVector rounded = rounder.sub(p);
      FloatVector f = rounder.sub(rounded).sub(p);
      FloatVector power =
          f.fma(E5, E4)
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, E3))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, E2))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, E1))
              .fma(f, FloatVector.broadcast(Lanes.FLOATS, E0));
      FloatVector tail =
          rounded
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, EXPONENT_SHIFT)
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

  /** What a lane computes, for the rest of a row. */
  private static float gelu(float g) {
    return Math.fma(-Math.abs(g), upperTail(magnitude(g)), g > 0 ? g : 0);
  }

  /** The derivative of {@link #gelu}. */
  private static float slope(float g) {
    float x = magnitude(g);
    float m = polynomial(M, x) * upperTail(x);
    return g < 0 ? m : 1 - m;
  }

  private static float magnitude(float g) {
    return Math.min(Math.abs(g), LIMIT);
  }

  /** {@code Phi(-x)}. */
  private static float upperTail(float x) {
    float p = polynomial(P, x);
    float rounded = ROUNDER - p;
    float power = polynomial(E, ROUNDER - rounded - p);
    int exponent = Float.floatToRawIntBits(rounded) << EXPONENT_SHIFT;
    return Float.intBitsToFloat(exponent + Float.floatToRawIntBits(power));
  }

  private static float polynomial(float[] coefficients, float x) {
    float sum = coefficients[coefficients.length - 1];
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = Math.fma(sum, x, coefficients[i]);
    }
    return sum;
  }
}
