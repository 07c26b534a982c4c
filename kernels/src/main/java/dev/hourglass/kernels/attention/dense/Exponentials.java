// Written by Unroller from Exponentials.template: change that, not this.
package dev.hourglass.kernels.attention.dense;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.PowerOfTwo;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Exponentials of rows of scores: {@code e^x = 2^n 2^f} with n the integer nearest to {@code x
 * log2(e)} and {@code 2^f} a polynomial. Their relative error is below 2e-7, and below e^-87 they
 * are 0. Every row has room for whole vectors.
 */
final class Exponentials {

  private static final float LEAST = -87f;

  private static final float LOG2_E = 1.442695f;
  private static final float LOG2_E_REST = 1.925963e-08f;

  // The polynomial of least greatest relative error on [-1/2, 1/2].
  private static final float C0 = 1f;
  private static final float C1 = 0.6931472f;
  private static final float C2 = 0.24022646f;
  private static final float C3 = 0.055503286f;
  private static final float C4 = 0.009618489f;
  private static final float C5 = 0.0013399931f;
  private static final float C6 = 0.00015345812f;

  private Exponentials() {}

  /**
   * One row: scores become {@code exp(score - max)}.
   *
   * @param sums a vector of partial sums: multiplied by {@code factor}, then added to
   */
  static void belowMaximum(long scores, int columns, float max, long sums, float factor) {
    FloatVector sum = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, sums, ORDER).mul(factor);
    FloatVector rounder = FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.ROUNDER);
    FloatVector maximum = FloatVector.broadcast(Lanes.FLOATS, max);
    long score = scores;
    long end = scores + 4L * columns;
    do {
      FloatVector x = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, score, ORDER).sub(maximum);
      // Minus n, so that f needs no change of sign.
      FloatVector rounded = x.fma(FloatVector.broadcast(Lanes.FLOATS, -LOG2_E), rounder);
      FloatVector f =
          x.fma(
              FloatVector.broadcast(Lanes.FLOATS, LOG2_E_REST),
              x.fma(FloatVector.broadcast(Lanes.FLOATS, LOG2_E), rounded.sub(rounder)));
      FloatVector power =
          f.fma(FloatVector.broadcast(Lanes.FLOATS, C6), FloatVector.broadcast(Lanes.FLOATS, C5));
      power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C4));
      power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C3));
      power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C2));
      power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C1));
      power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C0));
      IntVector minusExponent =
          rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, PowerOfTwo.EXPONENT_SHIFT);
      FloatVector exponential =
          power
              .reinterpretAsInts()
              .sub(minusExponent)
              .reinterpretAsFloats()
              .blend(0f, x.compare(VectorOperators.LT, LEAST));
      sum = sum.add(exponential);
      exponential.intoMemorySegment(ALL, score, ORDER);
      score += Lanes.BYTES;
    } while (score < end);
    sum.intoMemorySegment(ALL, sums, ORDER);
  }

  /**
   * One row of transposed scores, that is of one key, becomes probabilities: {@code exp(score -
   * logSumExp)}, with one logSumExp a column.
   */
  static void belowLogSumExp(long scores, int columns, long logSumExp) {
    FloatVector rounder = FloatVector.broadcast(Lanes.FLOATS, PowerOfTwo.ROUNDER);
    long toLogSumExp = logSumExp - scores;
    long score = scores;
    long end = scores + 4L * columns;
    do {
      FloatVector x =
          FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, score, ORDER)
              .sub(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, score + toLogSumExp, ORDER));
      // Minus n, so that f needs no change of sign.
      FloatVector rounded = x.fma(FloatVector.broadcast(Lanes.FLOATS, -LOG2_E), rounder);
      FloatVector f =
          x.fma(
              FloatVector.broadcast(Lanes.FLOATS, LOG2_E_REST),
              x.fma(FloatVector.broadcast(Lanes.FLOATS, LOG2_E), rounded.sub(rounder)));
      FloatVector power =
          f.fma(FloatVector.broadcast(Lanes.FLOATS, C6), FloatVector.broadcast(Lanes.FLOATS, C5));
      power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C4));
      power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C3));
      power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C2));
      power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C1));
      power = power.fma(f, FloatVector.broadcast(Lanes.FLOATS, C0));
      IntVector minusExponent =
          rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, PowerOfTwo.EXPONENT_SHIFT);
      FloatVector exponential =
          power
              .reinterpretAsInts()
              .sub(minusExponent)
              .reinterpretAsFloats()
              .blend(0f, x.compare(VectorOperators.LT, LEAST));
      exponential.intoMemorySegment(ALL, score, ORDER);
      score += Lanes.BYTES;
    } while (score < end);
  }
}
