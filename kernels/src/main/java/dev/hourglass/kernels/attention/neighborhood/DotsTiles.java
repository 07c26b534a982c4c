// Written by Unroller from DotsTiles.template: change that, not this.
package dev.hourglass.kernels.attention.neighborhood;

import static dev.hourglass.kernels.memory.Lanes.BYTES;
import static dev.hourglass.kernels.memory.Lanes.FLOATS;
import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * {@link Dots} of rows of queries with neighbouring slots: {@code tile4x3} takes four rows and
 * three slots. All take the arguments of {@link Dots#row}, from the first of the slots on.
 */
final class DotsTiles {

  private final long queryRow;
  private final long weightRow;

  DotsTiles(Shape shape) {
    queryRow = shape.queryRow;
    weightRow = shape.weightRow;
  }

  void fourSlots(Tile tile, int rows, long q, long k, long out) {
    switch (rows) {
      case 4 -> tile4x4(tile, q, k, out);
      case 3 -> tile3x4(tile, q, k, out);
      case 2 -> tile2x4(tile, q, k, out);
      default -> tile1x4(tile, q, k, out);
    }
  }

  void threeSlots(Tile tile, int rows, long q, long k, long out) {
    switch (rows) {
      case 4 -> tile4x3(tile, q, k, out);
      case 3 -> tile3x3(tile, q, k, out);
      case 2 -> tile2x3(tile, q, k, out);
      default -> tile1x3(tile, q, k, out);
    }
  }

  void tile4x4(Tile tile, long q, long k, long out) {
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
      {
        FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
        a00 = keys.fma(q0, a00);
        a10 = keys.fma(q1, a10);
        a20 = keys.fma(q2, a20);
        a30 = keys.fma(q3, a30);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 4, ORDER).rearrange(windows);
        a01 = keys.fma(q0, a01);
        a11 = keys.fma(q1, a11);
        a21 = keys.fma(q2, a21);
        a31 = keys.fma(q3, a31);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 8, ORDER).rearrange(windows);
        a02 = keys.fma(q0, a02);
        a12 = keys.fma(q1, a12);
        a22 = keys.fma(q2, a22);
        a32 = keys.fma(q3, a32);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 12, ORDER).rearrange(windows);
        a03 = keys.fma(q0, a03);
        a13 = keys.fma(q1, a13);
        a23 = keys.fma(q2, a23);
        a33 = keys.fma(q3, a33);
      }
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

  void tile3x4(Tile tile, long q, long k, long out) {
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
      {
        FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
        a00 = keys.fma(q0, a00);
        a10 = keys.fma(q1, a10);
        a20 = keys.fma(q2, a20);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 4, ORDER).rearrange(windows);
        a01 = keys.fma(q0, a01);
        a11 = keys.fma(q1, a11);
        a21 = keys.fma(q2, a21);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 8, ORDER).rearrange(windows);
        a02 = keys.fma(q0, a02);
        a12 = keys.fma(q1, a12);
        a22 = keys.fma(q2, a22);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 12, ORDER).rearrange(windows);
        a03 = keys.fma(q0, a03);
        a13 = keys.fma(q1, a13);
        a23 = keys.fma(q2, a23);
      }
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

  void tile2x4(Tile tile, long q, long k, long out) {
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
      {
        FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
        a00 = keys.fma(q0, a00);
        a10 = keys.fma(q1, a10);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 4, ORDER).rearrange(windows);
        a01 = keys.fma(q0, a01);
        a11 = keys.fma(q1, a11);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 8, ORDER).rearrange(windows);
        a02 = keys.fma(q0, a02);
        a12 = keys.fma(q1, a12);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 12, ORDER).rearrange(windows);
        a03 = keys.fma(q0, a03);
        a13 = keys.fma(q1, a13);
      }
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

  void tile1x4(Tile tile, long q, long k, long out) {
    VectorShuffle<Float> windows = tile.windows;
    long kChannel = tile.keyChannel;
    FloatVector a00 = FloatVector.zero(FLOATS);
    FloatVector a01 = FloatVector.zero(FLOATS);
    FloatVector a02 = FloatVector.zero(FLOATS);
    FloatVector a03 = FloatVector.zero(FLOATS);
    long end = q + queryRow;
    do {
      FloatVector q0 = FloatVector.fromMemorySegment(FLOATS, ALL, q, ORDER);
      {
        FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
        a00 = keys.fma(q0, a00);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 4, ORDER).rearrange(windows);
        a01 = keys.fma(q0, a01);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 8, ORDER).rearrange(windows);
        a02 = keys.fma(q0, a02);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 12, ORDER).rearrange(windows);
        a03 = keys.fma(q0, a03);
      }
      q += BYTES;
      k += kChannel;
    } while (q != end);
    a00.intoMemorySegment(ALL, out, ORDER);
    a01.intoMemorySegment(ALL, out + BYTES, ORDER);
    a02.intoMemorySegment(ALL, out + 2L * BYTES, ORDER);
    a03.intoMemorySegment(ALL, out + 3L * BYTES, ORDER);
  }

  void tile4x3(Tile tile, long q, long k, long out) {
    VectorShuffle<Float> windows = tile.windows;
    long kChannel = tile.keyChannel;
    long qRow = queryRow;
    long outRow = weightRow;
    FloatVector a00 = FloatVector.zero(FLOATS);
    FloatVector a01 = FloatVector.zero(FLOATS);
    FloatVector a02 = FloatVector.zero(FLOATS);
    FloatVector a10 = FloatVector.zero(FLOATS);
    FloatVector a11 = FloatVector.zero(FLOATS);
    FloatVector a12 = FloatVector.zero(FLOATS);
    FloatVector a20 = FloatVector.zero(FLOATS);
    FloatVector a21 = FloatVector.zero(FLOATS);
    FloatVector a22 = FloatVector.zero(FLOATS);
    FloatVector a30 = FloatVector.zero(FLOATS);
    FloatVector a31 = FloatVector.zero(FLOATS);
    FloatVector a32 = FloatVector.zero(FLOATS);
    long end = q + queryRow;
    do {
      FloatVector q0 = FloatVector.fromMemorySegment(FLOATS, ALL, q, ORDER);
      FloatVector q1 = FloatVector.fromMemorySegment(FLOATS, ALL, q + qRow, ORDER);
      FloatVector q2 = FloatVector.fromMemorySegment(FLOATS, ALL, q + 2 * qRow, ORDER);
      FloatVector q3 = FloatVector.fromMemorySegment(FLOATS, ALL, q + 3 * qRow, ORDER);
      {
        FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
        a00 = keys.fma(q0, a00);
        a10 = keys.fma(q1, a10);
        a20 = keys.fma(q2, a20);
        a30 = keys.fma(q3, a30);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 4, ORDER).rearrange(windows);
        a01 = keys.fma(q0, a01);
        a11 = keys.fma(q1, a11);
        a21 = keys.fma(q2, a21);
        a31 = keys.fma(q3, a31);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 8, ORDER).rearrange(windows);
        a02 = keys.fma(q0, a02);
        a12 = keys.fma(q1, a12);
        a22 = keys.fma(q2, a22);
        a32 = keys.fma(q3, a32);
      }
      q += BYTES;
      k += kChannel;
    } while (q != end);
    a00.intoMemorySegment(ALL, out, ORDER);
    a01.intoMemorySegment(ALL, out + BYTES, ORDER);
    a02.intoMemorySegment(ALL, out + 2L * BYTES, ORDER);
    a10.intoMemorySegment(ALL, out + outRow, ORDER);
    a11.intoMemorySegment(ALL, out + outRow + BYTES, ORDER);
    a12.intoMemorySegment(ALL, out + outRow + 2L * BYTES, ORDER);
    a20.intoMemorySegment(ALL, out + 2 * outRow, ORDER);
    a21.intoMemorySegment(ALL, out + 2 * outRow + BYTES, ORDER);
    a22.intoMemorySegment(ALL, out + 2 * outRow + 2L * BYTES, ORDER);
    a30.intoMemorySegment(ALL, out + 3 * outRow, ORDER);
    a31.intoMemorySegment(ALL, out + 3 * outRow + BYTES, ORDER);
    a32.intoMemorySegment(ALL, out + 3 * outRow + 2L * BYTES, ORDER);
  }

  void tile3x3(Tile tile, long q, long k, long out) {
    VectorShuffle<Float> windows = tile.windows;
    long kChannel = tile.keyChannel;
    long qRow = queryRow;
    long outRow = weightRow;
    FloatVector a00 = FloatVector.zero(FLOATS);
    FloatVector a01 = FloatVector.zero(FLOATS);
    FloatVector a02 = FloatVector.zero(FLOATS);
    FloatVector a10 = FloatVector.zero(FLOATS);
    FloatVector a11 = FloatVector.zero(FLOATS);
    FloatVector a12 = FloatVector.zero(FLOATS);
    FloatVector a20 = FloatVector.zero(FLOATS);
    FloatVector a21 = FloatVector.zero(FLOATS);
    FloatVector a22 = FloatVector.zero(FLOATS);
    long end = q + queryRow;
    do {
      FloatVector q0 = FloatVector.fromMemorySegment(FLOATS, ALL, q, ORDER);
      FloatVector q1 = FloatVector.fromMemorySegment(FLOATS, ALL, q + qRow, ORDER);
      FloatVector q2 = FloatVector.fromMemorySegment(FLOATS, ALL, q + 2 * qRow, ORDER);
      {
        FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
        a00 = keys.fma(q0, a00);
        a10 = keys.fma(q1, a10);
        a20 = keys.fma(q2, a20);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 4, ORDER).rearrange(windows);
        a01 = keys.fma(q0, a01);
        a11 = keys.fma(q1, a11);
        a21 = keys.fma(q2, a21);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 8, ORDER).rearrange(windows);
        a02 = keys.fma(q0, a02);
        a12 = keys.fma(q1, a12);
        a22 = keys.fma(q2, a22);
      }
      q += BYTES;
      k += kChannel;
    } while (q != end);
    a00.intoMemorySegment(ALL, out, ORDER);
    a01.intoMemorySegment(ALL, out + BYTES, ORDER);
    a02.intoMemorySegment(ALL, out + 2L * BYTES, ORDER);
    a10.intoMemorySegment(ALL, out + outRow, ORDER);
    a11.intoMemorySegment(ALL, out + outRow + BYTES, ORDER);
    a12.intoMemorySegment(ALL, out + outRow + 2L * BYTES, ORDER);
    a20.intoMemorySegment(ALL, out + 2 * outRow, ORDER);
    a21.intoMemorySegment(ALL, out + 2 * outRow + BYTES, ORDER);
    a22.intoMemorySegment(ALL, out + 2 * outRow + 2L * BYTES, ORDER);
  }

  void tile2x3(Tile tile, long q, long k, long out) {
    VectorShuffle<Float> windows = tile.windows;
    long kChannel = tile.keyChannel;
    long qRow = queryRow;
    long outRow = weightRow;
    FloatVector a00 = FloatVector.zero(FLOATS);
    FloatVector a01 = FloatVector.zero(FLOATS);
    FloatVector a02 = FloatVector.zero(FLOATS);
    FloatVector a10 = FloatVector.zero(FLOATS);
    FloatVector a11 = FloatVector.zero(FLOATS);
    FloatVector a12 = FloatVector.zero(FLOATS);
    long end = q + queryRow;
    do {
      FloatVector q0 = FloatVector.fromMemorySegment(FLOATS, ALL, q, ORDER);
      FloatVector q1 = FloatVector.fromMemorySegment(FLOATS, ALL, q + qRow, ORDER);
      {
        FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
        a00 = keys.fma(q0, a00);
        a10 = keys.fma(q1, a10);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 4, ORDER).rearrange(windows);
        a01 = keys.fma(q0, a01);
        a11 = keys.fma(q1, a11);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 8, ORDER).rearrange(windows);
        a02 = keys.fma(q0, a02);
        a12 = keys.fma(q1, a12);
      }
      q += BYTES;
      k += kChannel;
    } while (q != end);
    a00.intoMemorySegment(ALL, out, ORDER);
    a01.intoMemorySegment(ALL, out + BYTES, ORDER);
    a02.intoMemorySegment(ALL, out + 2L * BYTES, ORDER);
    a10.intoMemorySegment(ALL, out + outRow, ORDER);
    a11.intoMemorySegment(ALL, out + outRow + BYTES, ORDER);
    a12.intoMemorySegment(ALL, out + outRow + 2L * BYTES, ORDER);
  }

  void tile1x3(Tile tile, long q, long k, long out) {
    VectorShuffle<Float> windows = tile.windows;
    long kChannel = tile.keyChannel;
    FloatVector a00 = FloatVector.zero(FLOATS);
    FloatVector a01 = FloatVector.zero(FLOATS);
    FloatVector a02 = FloatVector.zero(FLOATS);
    long end = q + queryRow;
    do {
      FloatVector q0 = FloatVector.fromMemorySegment(FLOATS, ALL, q, ORDER);
      {
        FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
        a00 = keys.fma(q0, a00);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 4, ORDER).rearrange(windows);
        a01 = keys.fma(q0, a01);
      }
      {
        FloatVector keys =
            FloatVector.fromMemorySegment(FLOATS, ALL, k + 8, ORDER).rearrange(windows);
        a02 = keys.fma(q0, a02);
      }
      q += BYTES;
      k += kChannel;
    } while (q != end);
    a00.intoMemorySegment(ALL, out, ORDER);
    a01.intoMemorySegment(ALL, out + BYTES, ORDER);
    a02.intoMemorySegment(ALL, out + 2L * BYTES, ORDER);
  }

  void tile1x1(Tile tile, long q, long k, long out) {
    VectorShuffle<Float> windows = tile.windows;
    long kChannel = tile.keyChannel;
    FloatVector a00 = FloatVector.zero(FLOATS);
    long end = q + queryRow;
    do {
      FloatVector q0 = FloatVector.fromMemorySegment(FLOATS, ALL, q, ORDER);
      {
        FloatVector keys = FloatVector.fromMemorySegment(FLOATS, ALL, k, ORDER).rearrange(windows);
        a00 = keys.fma(q0, a00);
      }
      q += BYTES;
      k += kChannel;
    } while (q != end);
    a00.intoMemorySegment(ALL, out, ORDER);
  }
}
