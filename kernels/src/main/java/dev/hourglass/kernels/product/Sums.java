package dev.hourglass.kernels.product;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.LaneSum;
import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import jdk.incubator.vector.FloatVector;

/** Sums over float32 vectors, in an order that depends on their length alone. */
public final class Sums {

  private Sums() {}

  /** {@code sum of a * b}, in float32 over {@code count} at most some thousands. */
  public static float dot(long a, long b, int count) {
    FloatVector sum = FloatVector.zero(Lanes.FLOATS);
    int whole = count - count % Lanes.COUNT;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector x = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + 4L * i, ORDER);
      sum = x.fma(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, b + 4L * i, ORDER), sum);
    }
    float result = LaneSum.of(sum);
    for (int i = whole; i < count; i++) {
      result = Math.fma(Memory.getFloat(a + 4L * i), Memory.getFloat(b + 4L * i), result);
    }
    return result;
  }

  /** {@link #dot} of long vectors: in double from one piece to the next. */
  public static double longDot(long a, long b, long count) {
    final int piece = 1024;
    double sum = 0;
    for (long i = 0; i < count; i += piece) {
      sum += dot(a + 4 * i, b + 4 * i, (int) Math.min(piece, count - i));
    }
    return sum;
  }

  /** {@code a += b}. */
  public static void add(long a, long b, int count) {
    int whole = count - count % Lanes.COUNT;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, a + 4L * i, ORDER)
          .add(FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, b + 4L * i, ORDER))
          .intoMemorySegment(ALL, a + 4L * i, ORDER);
    }
    for (int i = whole; i < count; i++) {
      Memory.setFloat(a + 4L * i, Memory.getFloat(a + 4L * i) + Memory.getFloat(b + 4L * i));
    }
  }

  /** {@code target += factor * x}. */
  public static void addScaled(long target, float factor, long x, int n) {
    int whole = n - n % Lanes.COUNT;
    FloatVector factors = FloatVector.broadcast(Lanes.FLOATS, factor);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + 4L * i, ORDER)
          .fma(factors, FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, target + 4L * i, ORDER))
          .intoMemorySegment(ALL, target + 4L * i, ORDER);
    }
    for (int i = whole; i < n; i++) {
      float before = Memory.getFloat(target + 4L * i);
      Memory.setFloat(target + 4L * i, Math.fma(factor, Memory.getFloat(x + 4L * i), before));
    }
  }
}
