package dev.hourglass.kernels.attention.neighborhood;

import static dev.hourglass.kernels.memory.Lanes.BYTES;
import static dev.hourglass.kernels.memory.Lanes.FLOATS;
import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** Four neighbouring slots of {@link Dots}. */
final class DotsFour {

  private final long queryRow;
  private final long weightRow;

  DotsFour(Shape shape) {
    queryRow = shape.queryRow;
    weightRow = shape.weightRow;
  }

  /** Takes the arguments of {@link Dots#row}, from the first of the slots on. */
  void compute(Tile tile, int rows, long q, long k, long out) {
    switch (rows) {
      case 4 -> fourRows(tile, q, k, out);
      case 3 -> threeRows(tile, q, k, out);
      case 2 -> twoRows(tile, q, k, out);
      default -> oneRow(tile, q, k, out);
    }
  }

  private void fourRows(Tile tile, long q, long k, long out) {
    VectorShuffle<Float> windows = tile.windows;
    long kChannel = tile.keyChannel;
    long qRow = queryRow;
    long outRow = weightRow;
    FloatVector a00 = FloatVector.zero(FLOATS);
    FloatVector a01 = FloatVector.zero(FLOATS);
    FloatVector a02 = FloatVector.zero(FLOATS);
    FloatVector a03 = FloatVector.zero(FLOATS);
    FloatVector a10 = FloatVector.zero(FLOATS);
    FloatVector a11 = FloatVector.zero(FLOATS);
    FloatVector a12 = FloatVector.zero(FLOATS);
    FloatVector a13 = FloatVector.zero(FLOATS);
    FloatVector a20 = FloatVector.zero(FLOATS);
    FloatVector a21 = FloatVector.zero(FLOATS);
    FloatVector a22 = FloatVector.zero(FLOATS);
    FloatVector a23 = FloatVector.zero(FLOATS);
    FloatVector a30 = FloatVector.zero(FLOATS);
    FloatVector a31 = FloatVector.zero(FLOATS);
    FloatVector a32 = FloatVector.zero(FLOATS);
    FloatVector a33 = FloatVector.zero(FLOATS);
    long end = q + queryRow;
    do {
      FloatVector q0 = FloatVector.fromMemorySegment(FLOATS, ALL, q, ORDER);
      FloatVector q1 = FloatVector.fromMemorySegment(FLOATS, ALL, q + qRow, ORDER);
      FloatVector q2 = FloatVector.fromMemorySegment(FLOATS, ALL, q + 2 * qRow, ORDER);
      FloatVector q3 = FloatVector.fromMemorySegment(FLOATS, ALL, q + 3 * qRow, ORDER);
      FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
      a00 = keys.fma(q0, a00);
      a10 = keys.fma(q1, a10);
      a20 = keys.fma(q2, a20);
      a30 = keys.fma(q3, a30);
      keys = FloatVector.fromMemorySegment(FLOATS, ALL, k + 4, ORDER).rearrange(windows);
      a01 = keys.fma(q0, a01);
      a11 = keys.fma(q1, a11);
      a21 = keys.fma(q2, a21);
      a31 = keys.fma(q3, a31);
      keys = FloatVector.fromMemorySegment(FLOATS, ALL, k + 8, ORDER).rearrange(windows);
      a02 = keys.fma(q0, a02);
      a12 = keys.fma(q1, a12);
      a22 = keys.fma(q2, a22);
      a32 = keys.fma(q3, a32);
      keys = FloatVector.fromMemorySegment(FLOATS, ALL, k + 12, ORDER).rearrange(windows);
      a03 = keys.fma(q0, a03);
      a13 = keys.fma(q1, a13);
      a23 = keys.fma(q2, a23);
      a33 = keys.fma(q3, a33);
      q += BYTES;
      k += kChannel;
    } while (q != end);
    a00.intoMemorySegment(ALL, out, ORDER);
    a01.intoMemorySegment(ALL, out + BYTES, ORDER);
    a02.intoMemorySegment(ALL, out + 2L * BYTES, ORDER);
    a03.intoMemorySegment(ALL, out + 3L * BYTES, ORDER);
    a10.intoMemorySegment(ALL, out + outRow, ORDER);
    a11.intoMemorySegment(ALL, out + outRow + BYTES, ORDER);
    a12.intoMemorySegment(ALL, out + outRow + 2L * BYTES, ORDER);
    a13.intoMemorySegment(ALL, out + outRow + 3L * BYTES, ORDER);
    a20.intoMemorySegment(ALL, out + 2 * outRow, ORDER);
    a21.intoMemorySegment(ALL, out + 2 * outRow + BYTES, ORDER);
    a22.intoMemorySegment(ALL, out + 2 * outRow + 2L * BYTES, ORDER);
    a23.intoMemorySegment(ALL, out + 2 * outRow + 3L * BYTES, ORDER);
    a30.intoMemorySegment(ALL, out + 3 * outRow, ORDER);
    a31.intoMemorySegment(ALL, out + 3 * outRow + BYTES, ORDER);
    a32.intoMemorySegment(ALL, out + 3 * outRow + 2L * BYTES, ORDER);
    a33.intoMemorySegment(ALL, out + 3 * outRow + 3L * BYTES, ORDER);
  }

  private void threeRows(Tile tile, long q, long k, long out) {
    VectorShuffle<Float> windows = tile.windows;
    long kChannel = tile.keyChannel;
    long qRow = queryRow;
    long outRow = weightRow;
    FloatVector a00 = FloatVector.zero(FLOATS);
    FloatVector a01 = FloatVector.zero(FLOATS);
    FloatVector a02 = FloatVector.zero(FLOATS);
    FloatVector a03 = FloatVector.zero(FLOATS);
    FloatVector a10 = FloatVector.zero(FLOATS);
    FloatVector a11 = FloatVector.zero(FLOATS);
    FloatVector a12 = FloatVector.zero(FLOATS);
    FloatVector a13 = FloatVector.zero(FLOATS);
    FloatVector a20 = FloatVector.zero(FLOATS);
    FloatVector a21 = FloatVector.zero(FLOATS);
    FloatVector a22 = FloatVector.zero(FLOATS);
    FloatVector a23 = FloatVector.zero(FLOATS);
    long end = q + queryRow;
    do {
      FloatVector q0 = FloatVector.fromMemorySegment(FLOATS, ALL, q, ORDER);
      FloatVector q1 = FloatVector.fromMemorySegment(FLOATS, ALL, q + qRow, ORDER);
      FloatVector q2 = FloatVector.fromMemorySegment(FLOATS, ALL, q + 2 * qRow, ORDER);
      FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
      a00 = keys.fma(q0, a00);
      a10 = keys.fma(q1, a10);
      a20 = keys.fma(q2, a20);
      keys = FloatVector.fromMemorySegment(FLOATS, ALL, k + 4, ORDER).rearrange(windows);
      a01 = keys.fma(q0, a01);
      a11 = keys.fma(q1, a11);
      a21 = keys.fma(q2, a21);
      keys = FloatVector.fromMemorySegment(FLOATS, ALL, k + 8, ORDER).rearrange(windows);
      a02 = keys.fma(q0, a02);
      a12 = keys.fma(q1, a12);
      a22 = keys.fma(q2, a22);
      keys = FloatVector.fromMemorySegment(FLOATS, ALL, k + 12, ORDER).rearrange(windows);
      a03 = keys.fma(q0, a03);
      a13 = keys.fma(q1, a13);
      a23 = keys.fma(q2, a23);
      q += BYTES;
      k += kChannel;
    } while (q != end);
    a00.intoMemorySegment(ALL, out, ORDER);
    a01.intoMemorySegment(ALL, out + BYTES, ORDER);
    a02.intoMemorySegment(ALL, out + 2L * BYTES, ORDER);
    a03.intoMemorySegment(ALL, out + 3L * BYTES, ORDER);
    a10.intoMemorySegment(ALL, out + outRow, ORDER);
    a11.intoMemorySegment(ALL, out + outRow + BYTES, ORDER);
    a12.intoMemorySegment(ALL, out + outRow + 2L * BYTES, ORDER);
    a13.intoMemorySegment(ALL, out + outRow + 3L * BYTES, ORDER);
    a20.intoMemorySegment(ALL, out + 2 * outRow, ORDER);
    a21.intoMemorySegment(ALL, out + 2 * outRow + BYTES, ORDER);
    a22.intoMemorySegment(ALL, out + 2 * outRow + 2L * BYTES, ORDER);
    a23.intoMemorySegment(ALL, out + 2 * outRow + 3L * BYTES, ORDER);
  }

  private void twoRows(Tile tile, long q, long k, long out) {
    VectorShuffle<Float> windows = tile.windows;
    long kChannel = tile.keyChannel;
    long qRow = queryRow;
    long outRow = weightRow;
    FloatVector a00 = FloatVector.zero(FLOATS);
    FloatVector a01 = FloatVector.zero(FLOATS);
    FloatVector a02 = FloatVector.zero(FLOATS);
    FloatVector a03 = FloatVector.zero(FLOATS);
    FloatVector a10 = FloatVector.zero(FLOATS);
    FloatVector a11 = FloatVector.zero(FLOATS);
    FloatVector a12 = FloatVector.zero(FLOATS);
    FloatVector a13 = FloatVector.zero(FLOATS);
    long end = q + queryRow;
    do {
      FloatVector q0 = FloatVector.fromMemorySegment(FLOATS, ALL, q, ORDER);
      FloatVector q1 = FloatVector.fromMemorySegment(FLOATS, ALL, q + qRow, ORDER);
      FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
      a00 = keys.fma(q0, a00);
      a10 = keys.fma(q1, a10);
      keys = FloatVector.fromMemorySegment(FLOATS, ALL, k + 4, ORDER).rearrange(windows);
      a01 = keys.fma(q0, a01);
      a11 = keys.fma(q1, a11);
      keys = FloatVector.fromMemorySegment(FLOATS, ALL, k + 8, ORDER).rearrange(windows);
      a02 = keys.fma(q0, a02);
      a12 = keys.fma(q1, a12);
      keys = FloatVector.fromMemorySegment(FLOATS, ALL, k + 12, ORDER).rearrange(windows);
      a03 = keys.fma(q0, a03);
      a13 = keys.fma(q1, a13);
      q += BYTES;
      k += kChannel;
    } while (q != end);
    a00.intoMemorySegment(ALL, out, ORDER);
    a01.intoMemorySegment(ALL, out + BYTES, ORDER);
    a02.intoMemorySegment(ALL, out + 2L * BYTES, ORDER);
    a03.intoMemorySegment(ALL, out + 3L * BYTES, ORDER);
    a10.intoMemorySegment(ALL, out + outRow, ORDER);
    a11.intoMemorySegment(ALL, out + outRow + BYTES, ORDER);
    a12.intoMemorySegment(ALL, out + outRow + 2L * BYTES, ORDER);
    a13.intoMemorySegment(ALL, out + outRow + 3L * BYTES, ORDER);
  }

  private void oneRow(Tile tile, long q, long k, long out) {
    VectorShuffle<Float> windows = tile.windows;
    long kChannel = tile.keyChannel;
    FloatVector a00 = FloatVector.zero(FLOATS);
    FloatVector a01 = FloatVector.zero(FLOATS);
    FloatVector a02 = FloatVector.zero(FLOATS);
    FloatVector a03 = FloatVector.zero(FLOATS);
    long end = q + queryRow;
    do {
      FloatVector q0 = FloatVector.fromMemorySegment(FLOATS, ALL, q, ORDER);
      FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
      a00 = keys.fma(q0, a00);
      keys = FloatVector.fromMemorySegment(FLOATS, ALL, k + 4, ORDER).rearrange(windows);
      a01 = keys.fma(q0, a01);
      keys = FloatVector.fromMemorySegment(FLOATS, ALL, k + 8, ORDER).rearrange(windows);
      a02 = keys.fma(q0, a02);
      keys = FloatVector.fromMemorySegment(FLOATS, ALL, k + 12, ORDER).rearrange(windows);
      a03 = keys.fma(q0, a03);
      q += BYTES;
      k += kChannel;
    } while (q != end);
    a00.intoMemorySegment(ALL, out, ORDER);
    a01.intoMemorySegment(ALL, out + BYTES, ORDER);
    a02.intoMemorySegment(ALL, out + 2L * BYTES, ORDER);
    a03.intoMemorySegment(ALL, out + 3L * BYTES, ORDER);
  }
}
