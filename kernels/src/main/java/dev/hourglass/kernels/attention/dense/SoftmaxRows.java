package dev.hourglass.kernels.attention.dense;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The elementwise half of dense attention: softmax over rows of scores in scratch memory, one row a
 * query, and its gradient. Every row has room for whole vectors. Strides are in floats.
 */
final class SoftmaxRows {

  /**
   * The score of a pair that must not see each other. Finite, so that a block in which a row sees
   * nothing at all needs no special case: what it adds is scaled to 0 by the next block.
   */
  static final float HIDDEN = -1e30f;

  /** Rows that {@link #raiseMaxima} takes at once. */
  static final int TOGETHER = 4;

  private SoftmaxRows() {}

  /** Floats from one row of scores to the next. */
  static int stride(int columns) {
    // Never a power of two, else the rows share their cache sets.
    return (columns + 15) / 16 * 16 + 16;
  }

  /** Hides what lies between the last column and the last whole vector. */
  static void hideTail(long scores, int stride, int rows, int columns) {
    int padded = Lanes.roundUp(columns);
    for (int row = 0; row < rows && columns < padded; row++) {
      for (int column = columns; column < padded; column++) {
        Memory.setFloat(scores + 4L * ((long) row * stride + column), HIDDEN);
      }
    }
  }

  /** Hides the pairs whose integer labels differ. */
  static void hideOtherLabels(
      long scores, int stride, int rows, int columns, long rowLabels, long columnLabels) {
    for (int row = 0; row < rows; row++) {
      int label = ALL.get(Memory.INT, rowLabels + 4L * row);
      long score = scores + 4L * row * stride;
      for (int column = 0; column < columns; column += Lanes.COUNT) {
        var others =
            IntVector.fromMemorySegment(Lanes.INTS, ALL, columnLabels + 4L * column, ORDER)
                .compare(VectorOperators.NE, label);
        FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, score + 4L * column, ORDER)
            .blend(HIDDEN, others.cast(Lanes.FLOATS))
            .intoMemorySegment(ALL, score + 4L * column, ORDER);
      }
    }
  }

  /**
   * The maximum of each row's scores and of its {@code maxima} so far. Rows up to the next multiple
   * of {@link #TOGETHER} are read and written, whatever they hold.
   */
  static void raiseMaxima(
      long scores, int stride, int rows, int columns, long maxima, long raised) {
    for (int row = 0; row < rows; row += TOGETHER) {
      raiseFour(
          scores + 4L * row * stride, 4L * stride, columns, maxima + 4L * row, raised + 4L * row);
    }
  }

  /** Lane maximum by comparison: the API's own must order NaN and -0, in six instructions. */
  private static void raiseFour(long scores, long rowBytes, int columns, long maxima, long raised) {
    FloatVector max0 = FloatVector.broadcast(Lanes.FLOATS, Memory.getFloat(maxima));
    FloatVector max1 = FloatVector.broadcast(Lanes.FLOATS, Memory.getFloat(maxima + 4));
    FloatVector max2 = FloatVector.broadcast(Lanes.FLOATS, Memory.getFloat(maxima + 8));
    FloatVector max3 = FloatVector.broadcast(Lanes.FLOATS, Memory.getFloat(maxima + 12));
    long row1 = rowBytes;
    long row2 = 2 * rowBytes;
    long row3 = 3 * rowBytes;
    long score = scores;
    long end = scores + 4L * columns;
    do {
      FloatVector s0 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, score, ORDER);
      FloatVector s1 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, score + row1, ORDER);
      FloatVector s2 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, score + row2, ORDER);
      FloatVector s3 = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, score + row3, ORDER);
      max0 = max0.blend(s0, s0.compare(VectorOperators.GT, max0));
      max1 = max1.blend(s1, s1.compare(VectorOperators.GT, max1));
      max2 = max2.blend(s2, s2.compare(VectorOperators.GT, max2));
      max3 = max3.blend(s3, s3.compare(VectorOperators.GT, max3));
      score += Lanes.BYTES;
    } while (score < end);
    Memory.setFloat(raised, max0.reduceLanes(VectorOperators.MAX));
    Memory.setFloat(raised + 4, max1.reduceLanes(VectorOperators.MAX));
    Memory.setFloat(raised + 8, max2.reduceLanes(VectorOperators.MAX));
    Memory.setFloat(raised + 12, max3.reduceLanes(VectorOperators.MAX));
  }

  /** The sum of a vector, always in the same order; the API's own may have any. */
  static float sum(long lanes) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    long lane = lanes;
    long end = lanes + Lanes.BYTES;
    do {
      sum0 += Memory.getFloat(lane);
      sum1 += Memory.getFloat(lane + 4);
      sum2 += Memory.getFloat(lane + 8);
      sum3 += Memory.getFloat(lane + 12);
      lane += 16;
    } while (lane != end);
    return (sum0 + sum1) + (sum2 + sum3);
  }

  /** Multiplies {@code count} numbers by {@code factor}. */
  static void scale(long numbers, int count, float factor) {
    int whole = count - count % Lanes.COUNT;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, numbers + 4L * i, ORDER)
          .mul(factor)
          .intoMemorySegment(ALL, numbers + 4L * i, ORDER);
    }
    for (int i = whole; i < count; i++) {
      Memory.setFloat(numbers + 4L * i, Memory.getFloat(numbers + 4L * i) * factor);
    }
  }

  /** {@code sum(a b)} of {@code count} numbers. {@code lanes} has room for a vector. */
  static float dot(long a, long b, int count, long lanes) {
    int whole = count - count % Lanes.COUNT;
    FloatVector sums = FloatVector.zero(Lanes.FLOATS);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      sums =
          FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + 4L * i, ORDER)
              .fma(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, b + 4L * i, ORDER), sums);
    }
    sums.intoMemorySegment(ALL, lanes, ORDER);
    float sum = sum(lanes);
    for (int i = whole; i < count; i++) {
      sum += Memory.getFloat(a + 4L * i) * Memory.getFloat(b + 4L * i);
    }
    return sum;
  }

  /**
   * The gradient of softmax in one row: {@code gradient = probability (gradient - mean)}, with one
   * mean a column.
   */
  static void gradients(long probabilities, long gradients, int columns, long means) {
    long toGradient = gradients - probabilities;
    long toMean = means - probabilities;
    long place = probabilities;
    long end = probabilities + 4L * columns;
    do {
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, place + toGradient, ORDER)
          .sub(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, place + toMean, ORDER))
          .mul(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, place, ORDER))
          .intoMemorySegment(ALL, place + toGradient, ORDER);
      place += Lanes.BYTES;
    } while (place < end);
  }
}
