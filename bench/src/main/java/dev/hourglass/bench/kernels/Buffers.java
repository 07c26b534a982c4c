package dev.hourglass.bench.kernels;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.kernels.product.Bfloat16;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Memory of a benchmark, which lives as long as it does. */
final class Buffers {

  private static final long LINE = 64;

  private static final float[] NORMALS = new float[10_007]; // A prime: rows differ.

  static {
    RandomStream.of(0).fillGaussian(NORMALS, 0, NORMALS.length);
  }

  private final Arena arena = Arena.ofAuto();

  /** Zeros. */
  long bytes(long size) {
    return arena.allocate(Math.max(size, 1), LINE).address();
  }

  /** Standard normal numbers in float32, the first ones again and again. */
  long floats(long count) {
    MemorySegment segment = arena.allocate(count * Float.BYTES, LINE);
    for (long at = 0; at < count; at += NORMALS.length) {
      int length = (int) Math.min(NORMALS.length, count - at);
      MemorySegment.copy(NORMALS, 0, segment, ValueLayout.JAVA_FLOAT, at * Float.BYTES, length);
    }
    return segment.address();
  }

  /** Standard normal numbers in bfloat16. */
  long bfloats(int count) {
    long target = bytes(2L * count);
    Bfloat16.narrow(floats(count), target, count);
    return target;
  }

  /** The same number again and again. */
  long constant(long count, float value) {
    MemorySegment segment = arena.allocate(count * Float.BYTES, LINE);
    for (long i = 0; i < count; i++) {
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
    return segment.address();
  }
}
