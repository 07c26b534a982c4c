// Written by Unroller from GatherTiles.template: change that, not this.
package dev.hourglass.kernels.attention.neighborhood;

import static dev.hourglass.kernels.memory.Lanes.BYTES;
import static dev.hourglass.kernels.memory.Lanes.FLOATS;
import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.FLOAT;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link Gather} for rows of queries and vectors of channels: {@code tile2x4} adds to the sums of
 * two rows, four vectors of each token; those of one row start them. With one vector, only the
 * lanes of the mask take part.
 */
final class GatherTiles {

  private final int kernel;
  private final long weightRow;
  private final Plane values;
  private final Plane out;

  GatherTiles(Shape shape, Plane values, Plane out) {
    kernel = shape.kernel;
    weightRow = shape.weightRow;
    this.values = values;
    this.out = out;
  }

  void tile2x4(Tile tile, long p, int keyRows, long v, long o) {
    long pRow = weightRow;
    long oRow = out.row();
    long oToken = out.token();
    long vRow = values.row();
    long vToken = values.token();
    long window = kernel * vToken;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector a00 = FloatVector.fromMemorySegment(FLOATS, ALL, o, ORDER);
      FloatVector a01 = FloatVector.fromMemorySegment(FLOATS, ALL, o + BYTES, ORDER);
      FloatVector a02 = FloatVector.fromMemorySegment(FLOATS, ALL, o + 2L * BYTES, ORDER);
      FloatVector a03 = FloatVector.fromMemorySegment(FLOATS, ALL, o + 3L * BYTES, ORDER);
      FloatVector a10 = FloatVector.fromMemorySegment(FLOATS, ALL, o + oRow, ORDER);
      FloatVector a11 = FloatVector.fromMemorySegment(FLOATS, ALL, o + oRow + BYTES, ORDER);
      FloatVector a12 = FloatVector.fromMemorySegment(FLOATS, ALL, o + oRow + 2L * BYTES, ORDER);
      FloatVector a13 = FloatVector.fromMemorySegment(FLOATS, ALL, o + oRow + 3L * BYTES, ORDER);
      long weight = p + 4L * lane;
      long row = v + tile.windowStart[lane] * vToken;
      for (int i = 0; i < keyRows; i++) {
        long at = row;
        long end = row + window;
        do {
          FloatVector v0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
          FloatVector v1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + BYTES, ORDER);
          FloatVector v2 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 2L * BYTES, ORDER);
          FloatVector v3 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 3L * BYTES, ORDER);
          {
            FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a00 = v0.fma(w, a00);
            a01 = v1.fma(w, a01);
            a02 = v2.fma(w, a02);
            a03 = v3.fma(w, a03);
          }
          {
            FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
            a10 = v0.fma(w, a10);
            a11 = v1.fma(w, a11);
            a12 = v2.fma(w, a12);
            a13 = v3.fma(w, a13);
          }
          weight += BYTES;
          at += vToken;
        } while (at != end);
        row += vRow;
      }
      a00.intoMemorySegment(ALL, o, ORDER);
      a01.intoMemorySegment(ALL, o + BYTES, ORDER);
      a02.intoMemorySegment(ALL, o + 2L * BYTES, ORDER);
      a03.intoMemorySegment(ALL, o + 3L * BYTES, ORDER);
      a10.intoMemorySegment(ALL, o + oRow, ORDER);
      a11.intoMemorySegment(ALL, o + oRow + BYTES, ORDER);
      a12.intoMemorySegment(ALL, o + oRow + 2L * BYTES, ORDER);
      a13.intoMemorySegment(ALL, o + oRow + 3L * BYTES, ORDER);
      o += oToken;
    }
  }

  void tile1x4(Tile tile, long p, int keyRows, long v, long o) {
    long oToken = out.token();
    long vRow = values.row();
    long vToken = values.token();
    long window = kernel * vToken;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector a00 = FloatVector.zero(FLOATS);
      FloatVector a01 = FloatVector.zero(FLOATS);
      FloatVector a02 = FloatVector.zero(FLOATS);
      FloatVector a03 = FloatVector.zero(FLOATS);
      long weight = p + 4L * lane;
      long row = v + tile.windowStart[lane] * vToken;
      for (int i = 0; i < keyRows; i++) {
        long at = row;
        long end = row + window;
        do {
          FloatVector v0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
          FloatVector v1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + BYTES, ORDER);
          FloatVector v2 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 2L * BYTES, ORDER);
          FloatVector v3 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 3L * BYTES, ORDER);
          {
            FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a00 = v0.fma(w, a00);
            a01 = v1.fma(w, a01);
            a02 = v2.fma(w, a02);
            a03 = v3.fma(w, a03);
          }
          weight += BYTES;
          at += vToken;
        } while (at != end);
        row += vRow;
      }
      a00.intoMemorySegment(ALL, o, ORDER);
      a01.intoMemorySegment(ALL, o + BYTES, ORDER);
      a02.intoMemorySegment(ALL, o + 2L * BYTES, ORDER);
      a03.intoMemorySegment(ALL, o + 3L * BYTES, ORDER);
      o += oToken;
    }
  }

  void tile2x2(Tile tile, long p, int keyRows, long v, long o) {
    long pRow = weightRow;
    long oRow = out.row();
    long oToken = out.token();
    long vRow = values.row();
    long vToken = values.token();
    long window = kernel * vToken;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector a00 = FloatVector.fromMemorySegment(FLOATS, ALL, o, ORDER);
      FloatVector a01 = FloatVector.fromMemorySegment(FLOATS, ALL, o + BYTES, ORDER);
      FloatVector a10 = FloatVector.fromMemorySegment(FLOATS, ALL, o + oRow, ORDER);
      FloatVector a11 = FloatVector.fromMemorySegment(FLOATS, ALL, o + oRow + BYTES, ORDER);
      long weight = p + 4L * lane;
      long row = v + tile.windowStart[lane] * vToken;
      for (int i = 0; i < keyRows; i++) {
        long at = row;
        long end = row + window;
        do {
          FloatVector v0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
          FloatVector v1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + BYTES, ORDER);
          {
            FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a00 = v0.fma(w, a00);
            a01 = v1.fma(w, a01);
          }
          {
            FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
            a10 = v0.fma(w, a10);
            a11 = v1.fma(w, a11);
          }
          weight += BYTES;
          at += vToken;
        } while (at != end);
        row += vRow;
      }
      a00.intoMemorySegment(ALL, o, ORDER);
      a01.intoMemorySegment(ALL, o + BYTES, ORDER);
      a10.intoMemorySegment(ALL, o + oRow, ORDER);
      a11.intoMemorySegment(ALL, o + oRow + BYTES, ORDER);
      o += oToken;
    }
  }

  void tile1x2(Tile tile, long p, int keyRows, long v, long o) {
    long oToken = out.token();
    long vRow = values.row();
    long vToken = values.token();
    long window = kernel * vToken;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector a00 = FloatVector.zero(FLOATS);
      FloatVector a01 = FloatVector.zero(FLOATS);
      long weight = p + 4L * lane;
      long row = v + tile.windowStart[lane] * vToken;
      for (int i = 0; i < keyRows; i++) {
        long at = row;
        long end = row + window;
        do {
          FloatVector v0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
          FloatVector v1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + BYTES, ORDER);
          {
            FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a00 = v0.fma(w, a00);
            a01 = v1.fma(w, a01);
          }
          weight += BYTES;
          at += vToken;
        } while (at != end);
        row += vRow;
      }
      a00.intoMemorySegment(ALL, o, ORDER);
      a01.intoMemorySegment(ALL, o + BYTES, ORDER);
      o += oToken;
    }
  }

  void tile2x1(Tile tile, long p, int keyRows, long v, long o, VectorMask<Float> mask) {
    long pRow = weightRow;
    long oRow = out.row();
    long oToken = out.token();
    long vRow = values.row();
    long vToken = values.token();
    long window = kernel * vToken;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector a00 = FloatVector.fromMemorySegment(FLOATS, ALL, o, ORDER, mask);
      FloatVector a10 = FloatVector.fromMemorySegment(FLOATS, ALL, o + oRow, ORDER, mask);
      long weight = p + 4L * lane;
      long row = v + tile.windowStart[lane] * vToken;
      for (int i = 0; i < keyRows; i++) {
        long at = row;
        long end = row + window;
        do {
          FloatVector v0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER, mask);
          {
            FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a00 = v0.fma(w, a00);
          }
          {
            FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
            a10 = v0.fma(w, a10);
          }
          weight += BYTES;
          at += vToken;
        } while (at != end);
        row += vRow;
      }
      a00.intoMemorySegment(ALL, o, ORDER, mask);
      a10.intoMemorySegment(ALL, o + oRow, ORDER, mask);
      o += oToken;
    }
  }

  void tile1x1(Tile tile, long p, int keyRows, long v, long o, VectorMask<Float> mask) {
    long oToken = out.token();
    long vRow = values.row();
    long vToken = values.token();
    long window = kernel * vToken;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector a00 = FloatVector.zero(FLOATS);
      long weight = p + 4L * lane;
      long row = v + tile.windowStart[lane] * vToken;
      for (int i = 0; i < keyRows; i++) {
        long at = row;
        long end = row + window;
        do {
          FloatVector v0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER, mask);
          {
            FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
            a00 = v0.fma(w, a00);
          }
          weight += BYTES;
          at += vToken;
        } while (at != end);
        row += vRow;
      }
      a00.intoMemorySegment(ALL, o, ORDER, mask);
      o += oToken;
    }
  }
}
