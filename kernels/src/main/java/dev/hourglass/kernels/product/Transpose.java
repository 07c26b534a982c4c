package dev.hourglass.kernels.product;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.KernelActivity;
import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import java.util.stream.IntStream;
import jdk.incubator.vector.IntVector;

/**
 * Transposes matrices of 32-bit numbers: floats, or pairs of bfloat16 ({@link Bfloat16}). Strides
 * are in bytes.
 */
@KernelActivity(KernelActivity.Kind.MEMORY)
public final class Transpose {

  private static final int BLOCK = 16;
  private static final boolean WIDE = Lanes.COUNT == BLOCK;

  // Exchange of the off-diagonal halves of 2 x 2, 4 x 4, 8 x 8 and 16 x 16 blocks; which lanes of
  // two rows the lower and the higher one becomes.
  private static final IntVector LOW_1 = selector(1, false);
  private static final IntVector HIGH_1 = selector(1, true);
  private static final IntVector LOW_2 = selector(2, false);
  private static final IntVector HIGH_2 = selector(2, true);
  private static final IntVector LOW_4 = selector(4, false);
  private static final IntVector HIGH_4 = selector(4, true);
  private static final IntVector LOW_8 = selector(8, false);
  private static final IntVector HIGH_8 = selector(8, true);

  private Transpose() {}

  private static IntVector selector(int distance, boolean high) {
    int n = Lanes.COUNT;
    int[] lanes =
        IntStream.range(0, n)
            .map(
                j -> {
                  boolean own = ((j & distance) != 0) == high;
                  int partner = high ? j + distance : j - distance;
                  return own ? (high ? n + j : j) : (high ? partner : n + partner);
                })
            .toArray();
    return IntVector.fromArray(Lanes.INTS, lanes, 0);
  }

  /** {@code [rows, columns]} to {@code [columns, rows]}. */
  public static void transpose(
      long source, long sourceStride, int rows, int columns, long target, long targetStride) {
    int wholeRows = WIDE ? rows - rows % BLOCK : 0;
    int wholeColumns = WIDE ? columns - columns % BLOCK : 0;
    for (int i = 0; i < wholeRows; i += BLOCK) {
      for (int j = 0; j < wholeColumns; j += BLOCK) {
        block(
            source + i * sourceStride + 4L * j,
            sourceStride,
            target + j * targetStride + 4L * i,
            targetStride);
      }
    }
    simple(source, sourceStride, 0, wholeRows, wholeColumns, columns, target, targetStride);
    simple(source, sourceStride, wholeRows, rows, 0, columns, target, targetStride);
  }

  /** The part {@code [fromRow, toRow) x [fromColumn, toColumn)}, one by one. */
  private static void simple(
      long source,
      long sourceStride,
      int fromRow,
      int toRow,
      int fromColumn,
      int toColumn,
      long target,
      long targetStride) {
    for (int i = fromRow; i < toRow; i++) {
      for (int j = fromColumn; j < toColumn; j++) {
        int value = ALL.get(Memory.INT, source + i * sourceStride + 4L * j);
        ALL.set(Memory.INT, target + j * targetStride + 4L * i, value);
      }
    }
  }

  /** A block of 16 x 16 in registers: four rounds of exchanges. */
  static void block(long source, long stride, long target, long targetStride) {
    IntVector r0 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source, ORDER);
    IntVector r1 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + stride, ORDER);
    IntVector r2 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 2 * stride, ORDER);
    IntVector r3 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 3 * stride, ORDER);
    IntVector r4 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 4 * stride, ORDER);
    IntVector r5 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 5 * stride, ORDER);
    IntVector r6 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 6 * stride, ORDER);
    IntVector r7 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 7 * stride, ORDER);
    IntVector r8 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 8 * stride, ORDER);
    IntVector r9 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 9 * stride, ORDER);
    IntVector r10 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 10 * stride, ORDER);
    IntVector r11 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 11 * stride, ORDER);
    IntVector r12 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 12 * stride, ORDER);
    IntVector r13 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 13 * stride, ORDER);
    IntVector r14 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 14 * stride, ORDER);
    IntVector r15 = IntVector.fromMemorySegment(Lanes.INTS, ALL, source + 15 * stride, ORDER);
    IntVector s0 = LOW_1.selectFrom(r0, r1);
    IntVector s1 = HIGH_1.selectFrom(r0, r1);
    IntVector s2 = LOW_1.selectFrom(r2, r3);
    IntVector s3 = HIGH_1.selectFrom(r2, r3);
    IntVector s4 = LOW_1.selectFrom(r4, r5);
    IntVector s5 = HIGH_1.selectFrom(r4, r5);
    IntVector s6 = LOW_1.selectFrom(r6, r7);
    IntVector s7 = HIGH_1.selectFrom(r6, r7);
    IntVector s8 = LOW_1.selectFrom(r8, r9);
    IntVector s9 = HIGH_1.selectFrom(r8, r9);
    IntVector s10 = LOW_1.selectFrom(r10, r11);
    IntVector s11 = HIGH_1.selectFrom(r10, r11);
    IntVector s12 = LOW_1.selectFrom(r12, r13);
    IntVector s13 = HIGH_1.selectFrom(r12, r13);
    IntVector s14 = LOW_1.selectFrom(r14, r15);
    IntVector s15 = HIGH_1.selectFrom(r14, r15);
    IntVector t0 = LOW_2.selectFrom(s0, s2);
    IntVector t1 = LOW_2.selectFrom(s1, s3);
    IntVector t2 = HIGH_2.selectFrom(s0, s2);
    IntVector t3 = HIGH_2.selectFrom(s1, s3);
    IntVector t4 = LOW_2.selectFrom(s4, s6);
    IntVector t5 = LOW_2.selectFrom(s5, s7);
    IntVector t6 = HIGH_2.selectFrom(s4, s6);
    IntVector t7 = HIGH_2.selectFrom(s5, s7);
    IntVector t8 = LOW_2.selectFrom(s8, s10);
    IntVector t9 = LOW_2.selectFrom(s9, s11);
    IntVector t10 = HIGH_2.selectFrom(s8, s10);
    IntVector t11 = HIGH_2.selectFrom(s9, s11);
    IntVector t12 = LOW_2.selectFrom(s12, s14);
    IntVector t13 = LOW_2.selectFrom(s13, s15);
    IntVector t14 = HIGH_2.selectFrom(s12, s14);
    IntVector t15 = HIGH_2.selectFrom(s13, s15);
    IntVector u0 = LOW_4.selectFrom(t0, t4);
    IntVector u1 = LOW_4.selectFrom(t1, t5);
    IntVector u2 = LOW_4.selectFrom(t2, t6);
    IntVector u3 = LOW_4.selectFrom(t3, t7);
    IntVector u4 = HIGH_4.selectFrom(t0, t4);
    IntVector u5 = HIGH_4.selectFrom(t1, t5);
    IntVector u6 = HIGH_4.selectFrom(t2, t6);
    IntVector u7 = HIGH_4.selectFrom(t3, t7);
    IntVector u8 = LOW_4.selectFrom(t8, t12);
    IntVector u9 = LOW_4.selectFrom(t9, t13);
    IntVector u10 = LOW_4.selectFrom(t10, t14);
    IntVector u11 = LOW_4.selectFrom(t11, t15);
    IntVector u12 = HIGH_4.selectFrom(t8, t12);
    IntVector u13 = HIGH_4.selectFrom(t9, t13);
    IntVector u14 = HIGH_4.selectFrom(t10, t14);
    IntVector u15 = HIGH_4.selectFrom(t11, t15);
    LOW_8.selectFrom(u0, u8).intoMemorySegment(ALL, target, ORDER);
    LOW_8.selectFrom(u1, u9).intoMemorySegment(ALL, target + targetStride, ORDER);
    LOW_8.selectFrom(u2, u10).intoMemorySegment(ALL, target + 2 * targetStride, ORDER);
    LOW_8.selectFrom(u3, u11).intoMemorySegment(ALL, target + 3 * targetStride, ORDER);
    LOW_8.selectFrom(u4, u12).intoMemorySegment(ALL, target + 4 * targetStride, ORDER);
    LOW_8.selectFrom(u5, u13).intoMemorySegment(ALL, target + 5 * targetStride, ORDER);
    LOW_8.selectFrom(u6, u14).intoMemorySegment(ALL, target + 6 * targetStride, ORDER);
    LOW_8.selectFrom(u7, u15).intoMemorySegment(ALL, target + 7 * targetStride, ORDER);
    HIGH_8.selectFrom(u0, u8).intoMemorySegment(ALL, target + 8 * targetStride, ORDER);
    HIGH_8.selectFrom(u1, u9).intoMemorySegment(ALL, target + 9 * targetStride, ORDER);
    HIGH_8.selectFrom(u2, u10).intoMemorySegment(ALL, target + 10 * targetStride, ORDER);
    HIGH_8.selectFrom(u3, u11).intoMemorySegment(ALL, target + 11 * targetStride, ORDER);
    HIGH_8.selectFrom(u4, u12).intoMemorySegment(ALL, target + 12 * targetStride, ORDER);
    HIGH_8.selectFrom(u5, u13).intoMemorySegment(ALL, target + 13 * targetStride, ORDER);
    HIGH_8.selectFrom(u6, u14).intoMemorySegment(ALL, target + 14 * targetStride, ORDER);
    HIGH_8.selectFrom(u7, u15).intoMemorySegment(ALL, target + 15 * targetStride, ORDER);
  }
}
