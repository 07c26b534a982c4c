package dev.hourglass.kernels.attention.dense;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.KernelActivity;
import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import jdk.incubator.vector.FloatVector;

/** Copies short rows of floats: the library's copy costs more to call than such a row does. */
@KernelActivity(KernelActivity.Kind.MEMORY)
final class DenseRows {

  private DenseRows() {}

  /** Copies {@code rows} rows of {@code width} floats; strides are in floats. */
  static void copy(
      long source, int sourceStride, long target, int targetStride, int rows, int width) {
    if (sourceStride == width && targetStride == width) {
      row(source, target, (long) rows * width);
      return;
    }
    for (int i = 0; i < rows; i++) {
      row(source + 4L * i * sourceStride, target + 4L * i * targetStride, width);
    }
  }

  private static void row(long source, long target, long count) {
    long toTarget = target - source;
    long place = source;
    long end = source + 4 * count;
    while (place + Lanes.BYTES <= end) {
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, place, ORDER)
          .intoMemorySegment(ALL, place + toTarget, ORDER);
      place += Lanes.BYTES;
    }
    while (place < end) {
      Memory.setFloat(place + toTarget, Memory.getFloat(place));
      place += 4;
    }
  }
}
