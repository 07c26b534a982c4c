package dev.hourglass.kernels.attention.neighborhood;

import static dev.hourglass.kernels.memory.Lanes.BYTES;
import static dev.hourglass.kernels.memory.Lanes.FLOATS;
import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.FLOAT;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The transpose of {@link Gather}: adds each query's row of numbers, weighted, to the keys of its
 * window. {@code P^T dO} is the gradient of v, {@code dS^T Q} that of k.
 *
 * <p>A vector holds channels of one token. Up to four rows of queries at one column have the same
 * window in a row of keys; their numbers lie in registers, so one load and one store of a key's sum
 * serve them all.
 */
final class Scatter {

  private final Shape shape;
  private final int kernel;
  private final long weightRow;
  private final Plane source;
  private final Plane sums;
  private final ScatterFour four;

  /**
   * Sums of the queries' {@code source}.
   *
   * @param sums of the keys, added to
   */
  Scatter(Shape shape, Plane source, Plane sums) {
    this.shape = shape;
    this.source = source;
    this.sums = sums;
    kernel = shape.kernel;
    weightRow = shape.weightRow;
    four = new ScatterFour(shape, source, sums);
  }

  /**
   * Adds some rows of a tile.
   *
   * @param weights as {@link Shape} lays them out
   */
  void add(Tile tile, int row, int rows, long weights) {
    Axis axis = shape.rows;
    int first = axis.start(row);
    int end = axis.end(row + rows - 1);
    for (int key = first; key < end; key++) {
      int from = Math.max(row, axis.firstQuery(key));
      int to = Math.min(row + rows, axis.endQuery(key));
      long p = weights + (from - row) * weightRow + (key - first) * shape.weightKeyRow;
      for (Channels c : shape.channels) {
        long x = source.at(from, tile.column) + c.offset();
        long sum = sums.at(key, tile.firstKey) + c.offset();
        switch (c.vectors()) {
          case 4 -> four.add(tile, to - from, p, x, sum);
          case 2 -> two(tile, to - from, p, x, sum);
          default -> rest(tile, to - from, p, x, sum, c.mask());
        }
      }
    }
  }

  private void two(Tile tile, int rows, long p, long x, long sum) {
    int done = 0;
    if (rows == 4) {
      fourTwo(tile, p, x, sum);
      done = 4;
    } else if (rows >= 2) {
      twoTwo(tile, p, x, sum);
      done = 2;
    }
    if (done < rows) {
      oneTwo(tile, p + done * weightRow, x + done * source.row(), sum);
    }
  }

  private void rest(Tile tile, int rows, long p, long x, long sum, VectorMask<Float> mask) {
    for (int r = 0; r < rows; r++) {
      oneRest(tile, p + r * weightRow, x + r * source.row(), sum, mask);
    }
  }

  private void fourTwo(Tile tile, long p, long x, long sum) {
    long pRow = weightRow;
    long xRow = source.row();
    long xToken = source.token();
    long token = sums.token();
    long window = kernel * token;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector x00 = FloatVector.fromMemorySegment(FLOATS, ALL, x, ORDER);
      FloatVector x01 = FloatVector.fromMemorySegment(FLOATS, ALL, x + BYTES, ORDER);
      FloatVector x10 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow, ORDER);
      FloatVector x11 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow + BYTES, ORDER);
      FloatVector x20 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 2 * xRow, ORDER);
      FloatVector x21 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 2 * xRow + BYTES, ORDER);
      FloatVector x30 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 3 * xRow, ORDER);
      FloatVector x31 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 3 * xRow + BYTES, ORDER);
      long weight = p + 4L * lane;
      long at = sum + tile.windowStart[lane] * token;
      long end = at + window;
      do {
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + BYTES, ORDER);
        FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
        a0 = x00.fma(w, a0);
        a1 = x01.fma(w, a1);
        w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
        a0 = x10.fma(w, a0);
        a1 = x11.fma(w, a1);
        w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 2 * pRow));
        a0 = x20.fma(w, a0);
        a1 = x21.fma(w, a1);
        w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 3 * pRow));
        a0 = x30.fma(w, a0);
        a1 = x31.fma(w, a1);
        a0.intoMemorySegment(ALL, at, ORDER);
        a1.intoMemorySegment(ALL, at + BYTES, ORDER);
        weight += BYTES;
        at += token;
      } while (at != end);
      x += xToken;
    }
  }

  private void twoTwo(Tile tile, long p, long x, long sum) {
    long pRow = weightRow;
    long xRow = source.row();
    long xToken = source.token();
    long token = sums.token();
    long window = kernel * token;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector x00 = FloatVector.fromMemorySegment(FLOATS, ALL, x, ORDER);
      FloatVector x01 = FloatVector.fromMemorySegment(FLOATS, ALL, x + BYTES, ORDER);
      FloatVector x10 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow, ORDER);
      FloatVector x11 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow + BYTES, ORDER);
      long weight = p + 4L * lane;
      long at = sum + tile.windowStart[lane] * token;
      long end = at + window;
      do {
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + BYTES, ORDER);
        FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
        a0 = x00.fma(w, a0);
        a1 = x01.fma(w, a1);
        w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
        a0 = x10.fma(w, a0);
        a1 = x11.fma(w, a1);
        a0.intoMemorySegment(ALL, at, ORDER);
        a1.intoMemorySegment(ALL, at + BYTES, ORDER);
        weight += BYTES;
        at += token;
      } while (at != end);
      x += xToken;
    }
  }

  private void oneTwo(Tile tile, long p, long x, long sum) {
    long xToken = source.token();
    long token = sums.token();
    long window = kernel * token;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector x00 = FloatVector.fromMemorySegment(FLOATS, ALL, x, ORDER);
      FloatVector x01 = FloatVector.fromMemorySegment(FLOATS, ALL, x + BYTES, ORDER);
      long weight = p + 4L * lane;
      long at = sum + tile.windowStart[lane] * token;
      long end = at + window;
      do {
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + BYTES, ORDER);
        FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
        a0 = x00.fma(w, a0);
        a1 = x01.fma(w, a1);
        a0.intoMemorySegment(ALL, at, ORDER);
        a1.intoMemorySegment(ALL, at + BYTES, ORDER);
        weight += BYTES;
        at += token;
      } while (at != end);
      x += xToken;
    }
  }

  private void oneRest(Tile tile, long p, long x, long sum, VectorMask<Float> mask) {
    long xToken = source.token();
    long token = sums.token();
    long window = kernel * token;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector x00 = FloatVector.fromMemorySegment(FLOATS, ALL, x, ORDER, mask);
      long weight = p + 4L * lane;
      long at = sum + tile.windowStart[lane] * token;
      long end = at + window;
      do {
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER, mask);
        FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
        a0 = x00.fma(w, a0);
        a0.intoMemorySegment(ALL, at, ORDER, mask);
        weight += BYTES;
        at += token;
      } while (at != end);
      x += xToken;
    }
  }
}
