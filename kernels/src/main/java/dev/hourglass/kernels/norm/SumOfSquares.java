package dev.hourglass.kernels.norm;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.ElementChunks;
import dev.hourglass.kernels.parallel.Workers;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The sum of the squares of many float32 arrays, in double: of each chunk first, then of the chunks
 * in their order, so the result is the same for any number of threads.
 */
public final class SumOfSquares {

  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, Lanes.FLOATS.vectorShape());

  /** As many floats as there are doubles. */
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(8 * Lanes.BYTES / 2));

  private static final int HALF_BYTES = Lanes.BYTES / 2;

  private SumOfSquares() {}

  /**
   * The sum over all arrays; not finite if any element is not.
   *
   * @param arrays addresses of float32 numbers, as many as {@code chunks} says; 0 leaves one out
   */
  public static double of(ElementChunks chunks, long... arrays) {
    if (arrays.length != chunks.arrays()) {
      throw new IllegalArgumentException(
          "%d arrays where %d were split".formatted(arrays.length, chunks.arrays()));
    }
    double[] sums = new double[chunks.count()];
    Workers.shared()
        .run(
            chunks.count(),
            (chunk, scratch) -> {
              long array = arrays[chunks.array(chunk)];
              if (array != 0) {
                long start = array + chunks.start(chunk) * Float.BYTES;
                sums[chunk] = ofChunk(start, chunks.length(chunk), scratch);
              }
            });
    double sum = 0;
    for (double part : sums) {
      sum += part;
    }
    return sum;
  }

  private static double ofChunk(long floats, int count, Scratch scratch) {
    int whole = count - count % Lanes.COUNT;
    long lanes = scratch.bytes(2L * Lanes.BYTES);
    Memory.zero(lanes, 2L * Lanes.BYTES);
    if (whole > 0) {
      byLanes(floats, floats + 4L * whole, lanes);
    }
    // One after another: the API leaves the order of its own sum over lanes open.
    double sum = 0;
    for (int i = 0; i < Lanes.COUNT; i++) {
      sum += Memory.getDouble(lanes + (long) Double.BYTES * i);
    }
    for (int i = whole; i < count; i++) {
      double value = Memory.getFloat(floats + 4L * i);
      sum += value * value;
    }
    return sum;
  }

  /** The squares of whole vectors, added by lane to {@code [COUNT]} doubles. */
  private static void byLanes(long floats, long end, long lanes) {
    DoubleVector low = DoubleVector.zero(DOUBLES);
    DoubleVector high = DoubleVector.zero(DOUBLES);
    do {
      DoubleVector first =
          (DoubleVector)
              FloatVector.fromMemorySegment(HALF, ALL, floats, ORDER)
                  .convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector second =
          (DoubleVector)
              FloatVector.fromMemorySegment(HALF, ALL, floats + HALF_BYTES, ORDER)
                  .convertShape(VectorOperators.F2D, DOUBLES, 0);
      low = first.fma(first, low);
      high = second.fma(second, high);
      floats += Lanes.BYTES;
    } while (floats != end);
    low.intoMemorySegment(ALL, lanes, ORDER);
    high.intoMemorySegment(ALL, lanes + Lanes.BYTES, ORDER);
  }
}
