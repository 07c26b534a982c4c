package dev.hourglass.kernels.product;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.KernelActivity;
import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Float32 to bfloat16 and back: the upper half of the bits, rounded to nearest, ties to even.
 *
 * <p>The second operand of a product is kept as <em>row pairs</em>: rows 2i and 2i + 1 become one
 * row of pairs, so that a 32-bit lane holds the two numbers that the processor multiplies at once.
 * Seen as 32-bit numbers, the transpose of rows of bfloat16 is row pairs of the transposed matrix,
 * and the other way round.
 */
@KernelActivity(KernelActivity.Kind.MEMORY)
public final class Bfloat16 {

  private static final int BYTES = 2;

  private Bfloat16() {}

  /** The bits of {@code value}, rounded. */
  public static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Rounds {@code count} numbers. */
  public static void narrow(long floats, long target, int count) {
    int whole = count - count % Lanes.COUNT;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      IntVector bits = IntVector.fromMemorySegment(Lanes.INTS, ALL, floats + 4L * i, ORDER);
      IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      IntVector rounded = bits.add(0x7FFF).add(odd).lanewise(VectorOperators.LSHR, 16);
      ((ShortVector) rounded.convertShape(VectorOperators.I2S, Lanes.HALVES, 0))
          .intoMemorySegment(ALL, target + 2L * i, ORDER);
    }
    for (int i = whole; i < count; i++) {
      ALL.set(Memory.SHORT, target + (long) BYTES * i, of(Memory.getFloat(floats + 4L * i)));
    }
  }

  /** The exact float32 of {@code count} numbers. */
  public static void widen(long bfloats, long target, int count) {
    int whole = count - count % Lanes.COUNT;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      IntVector bits =
          (IntVector)
              ShortVector.fromMemorySegment(Lanes.HALVES, ALL, bfloats + 2L * i, ORDER)
                  .convertShape(VectorOperators.S2I, Lanes.INTS, 0);
      bits.lanewise(VectorOperators.LSHL, 16).intoMemorySegment(ALL, target + 4L * i, ORDER);
    }
    for (int i = whole; i < count; i++) {
      Memory.setFloat(target + 4L * i, toFloat(ALL.get(Memory.SHORT, bfloats + (long) BYTES * i)));
    }
  }

  /** Rounds two rows of {@code count} floats to one row of pairs, {@code [count][2]}. */
  public static void pair(long even, long odd, long target, int count) {
    int whole = count - count % Lanes.COUNT;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      IntVector low = IntVector.fromMemorySegment(Lanes.INTS, ALL, even + 4L * i, ORDER);
      IntVector high = IntVector.fromMemorySegment(Lanes.INTS, ALL, odd + 4L * i, ORDER);
      IntVector lowOdd = low.lanewise(VectorOperators.LSHR, 16).and(1);
      IntVector highOdd = high.lanewise(VectorOperators.LSHR, 16).and(1);
      IntVector lower = low.add(0x7FFF).add(lowOdd).lanewise(VectorOperators.LSHR, 16);
      high.add(0x7FFF)
          .add(highOdd)
          .and(0xFFFF0000)
          .or(lower)
          .intoMemorySegment(ALL, target + 4L * i, ORDER);
    }
    for (int i = whole; i < count; i++) {
      ALL.set(Memory.SHORT, target + 4L * i, of(Memory.getFloat(even + 4L * i)));
      ALL.set(Memory.SHORT, target + 4L * i + 2, of(Memory.getFloat(odd + 4L * i)));
    }
  }

  /** {@link #pair} with zeros for the odd row: the last row of an odd number. */
  public static void pairWithZero(long even, long target, int count) {
    for (int i = 0; i < count; i++) {
      ALL.set(Memory.INT, target + 4L * i, of(Memory.getFloat(even + 4L * i)) & 0xFFFF);
    }
  }
}
