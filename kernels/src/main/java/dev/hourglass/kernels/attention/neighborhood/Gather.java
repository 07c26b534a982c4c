package dev.hourglass.kernels.attention.neighborhood;

import static dev.hourglass.kernels.memory.Lanes.BYTES;
import static dev.hourglass.kernels.memory.Lanes.FLOATS;
import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.FLOAT;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The weighted sum of each query's window: {@code P V} in the forward pass, {@code dS K} for the
 * gradient of q.
 *
 * <p>A vector holds channels of one token, the sums of a query lie in registers. Two rows of
 * queries share most of their keys, and each load of them:
 *
 * <pre>
 *   key row     query row 0   query row 1
 *      0             x                        the first's own
 *     1 ..           x             x          common to both
 *     .. K - 1       x             x
 *      K                           x          the second's own
 * </pre>
 */
final class Gather {

  private final Shape shape;
  private final int kernel;
  private final long weightRow;
  private final Plane values;
  private final Plane out;

  /**
   * Sums of {@code values}.
   *
   * @param out overwritten
   */
  Gather(Shape shape, Plane values, Plane out) {
    this.shape = shape;
    this.values = values;
    this.out = out;
    kernel = shape.kernel;
    weightRow = shape.weightRow;
  }

  /**
   * Computes the sums of some rows of a tile.
   *
   * @param weights as {@link Shape} lays them out
   */
  void sum(Tile tile, int row, int rows, long weights) {
    Axis axis = shape.rows;
    // Of key row 0, which only the first rows have.
    long p = weights - axis.start(row) * shape.weightKeyRow;
    for (int query = row; query < row + rows; query += 2) {
      if (query + 1 == row + rows) {
        own(tile, query, axis.start(query), axis.end(query), p);
      } else {
        int common = axis.start(query + 1);
        int end = axis.end(query);
        own(tile, query, axis.start(query), common, p);
        own(tile, query + 1, end, axis.end(query + 1), p + weightRow);
        common(tile, query, common, end, p);
      }
      p += 2 * weightRow;
    }
  }

  /** Starts the sums of a row of queries with the keys of the given rows, perhaps none. */
  private void own(Tile tile, int query, int from, int to, long rowWeights) {
    long p = rowWeights + from * shape.weightKeyRow;
    for (Channels c : shape.channels) {
      long v = values.at(from, tile.firstKey) + c.offset();
      long o = out.at(query, tile.column) + c.offset();
      switch (c.vectors()) {
        case 4 -> oneFour(tile, p, to - from, v, o);
        case 2 -> oneTwo(tile, p, to - from, v, o);
        default -> oneRest(tile, p, to - from, v, o, c.mask());
      }
    }
  }

  /** Adds the keys of the given rows to the sums of two rows of queries. */
  private void common(Tile tile, int query, int from, int to, long rowWeights) {
    long p = rowWeights + from * shape.weightKeyRow;
    for (Channels c : shape.channels) {
      long v = values.at(from, tile.firstKey) + c.offset();
      long o = out.at(query, tile.column) + c.offset();
      switch (c.vectors()) {
        case 4 -> twoFour(tile, p, to - from, v, o);
        case 2 -> twoTwo(tile, p, to - from, v, o);
        default -> twoRest(tile, p, to - from, v, o, c.mask());
      }
    }
  }

  private void twoFour(Tile tile, long p, int keyRows, long v, long o) {
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
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a00 = v0.fma(w, a00);
          a01 = v1.fma(w, a01);
          a02 = v2.fma(w, a02);
          a03 = v3.fma(w, a03);
          w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
          a10 = v0.fma(w, a10);
          a11 = v1.fma(w, a11);
          a12 = v2.fma(w, a12);
          a13 = v3.fma(w, a13);
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

  private void oneFour(Tile tile, long p, int keyRows, long v, long o) {
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
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a00 = v0.fma(w, a00);
          a01 = v1.fma(w, a01);
          a02 = v2.fma(w, a02);
          a03 = v3.fma(w, a03);
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

  private void twoTwo(Tile tile, long p, int keyRows, long v, long o) {
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
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a00 = v0.fma(w, a00);
          a01 = v1.fma(w, a01);
          w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
          a10 = v0.fma(w, a10);
          a11 = v1.fma(w, a11);
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

  private void oneTwo(Tile tile, long p, int keyRows, long v, long o) {
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
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a00 = v0.fma(w, a00);
          a01 = v1.fma(w, a01);
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

  private void twoRest(Tile tile, long p, int keyRows, long v, long o, VectorMask<Float> mask) {
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
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a00 = v0.fma(w, a00);
          w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
          a10 = v0.fma(w, a10);
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

  private void oneRest(Tile tile, long p, int keyRows, long v, long o, VectorMask<Float> mask) {
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
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a00 = v0.fma(w, a00);
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
