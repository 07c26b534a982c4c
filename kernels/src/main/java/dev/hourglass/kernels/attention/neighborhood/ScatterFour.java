package dev.hourglass.kernels.attention.neighborhood;

import static dev.hourglass.kernels.memory.Lanes.BYTES;
import static dev.hourglass.kernels.memory.Lanes.FLOATS;
import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.FLOAT;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import jdk.incubator.vector.FloatVector;

/** Four vectors of channels of {@link Scatter}. */
final class ScatterFour {

  private final int kernel;
  private final long weightRow;
  private final Plane source;
  private final Plane sums;

  ScatterFour(Shape shape, Plane source, Plane sums) {
    kernel = shape.kernel;
    weightRow = shape.weightRow;
    this.source = source;
    this.sums = sums;
  }

  /**
   * Adds some rows of queries at each column of a tile to one row of keys.
   *
   * @param p the weights of the first
   * @param x the numbers of the first query
   * @param sum of the first key of the tile
   */
  void add(Tile tile, int rows, long p, long x, long sum) {
    switch (rows) {
      case 4 -> fourRows(tile, p, x, sum);
      case 3 -> threeRows(tile, p, x, sum);
      case 2 -> twoRows(tile, p, x, sum);
      default -> oneRow(tile, p, x, sum);
    }
  }

  private void fourRows(Tile tile, long p, long x, long sum) {
    long pRow = weightRow;
    long xRow = source.row();
    long xToken = source.token();
    long token = sums.token();
    long window = kernel * token;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector x00 = FloatVector.fromMemorySegment(FLOATS, ALL, x, ORDER);
      FloatVector x01 = FloatVector.fromMemorySegment(FLOATS, ALL, x + BYTES, ORDER);
      FloatVector x02 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 2L * BYTES, ORDER);
      FloatVector x03 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 3L * BYTES, ORDER);
      FloatVector x10 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow, ORDER);
      FloatVector x11 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow + BYTES, ORDER);
      FloatVector x12 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow + 2L * BYTES, ORDER);
      FloatVector x13 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow + 3L * BYTES, ORDER);
      FloatVector x20 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 2 * xRow, ORDER);
      FloatVector x21 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 2 * xRow + BYTES, ORDER);
      FloatVector x22 =
          FloatVector.fromMemorySegment(FLOATS, ALL, x + 2 * xRow + 2L * BYTES, ORDER);
      FloatVector x23 =
          FloatVector.fromMemorySegment(FLOATS, ALL, x + 2 * xRow + 3L * BYTES, ORDER);
      FloatVector x30 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 3 * xRow, ORDER);
      FloatVector x31 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 3 * xRow + BYTES, ORDER);
      FloatVector x32 =
          FloatVector.fromMemorySegment(FLOATS, ALL, x + 3 * xRow + 2L * BYTES, ORDER);
      FloatVector x33 =
          FloatVector.fromMemorySegment(FLOATS, ALL, x + 3 * xRow + 3L * BYTES, ORDER);
      long weight = p + 4L * lane;
      long at = sum + tile.windowStart[lane] * token;
      long end = at + window;
      do {
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + BYTES, ORDER);
        FloatVector a2 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 2L * BYTES, ORDER);
        FloatVector a3 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 3L * BYTES, ORDER);
        FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
        a0 = x00.fma(w, a0);
        a1 = x01.fma(w, a1);
        a2 = x02.fma(w, a2);
        a3 = x03.fma(w, a3);
        w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
        a0 = x10.fma(w, a0);
        a1 = x11.fma(w, a1);
        a2 = x12.fma(w, a2);
        a3 = x13.fma(w, a3);
        w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 2 * pRow));
        a0 = x20.fma(w, a0);
        a1 = x21.fma(w, a1);
        a2 = x22.fma(w, a2);
        a3 = x23.fma(w, a3);
        w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 3 * pRow));
        a0 = x30.fma(w, a0);
        a1 = x31.fma(w, a1);
        a2 = x32.fma(w, a2);
        a3 = x33.fma(w, a3);
        a0.intoMemorySegment(ALL, at, ORDER);
        a1.intoMemorySegment(ALL, at + BYTES, ORDER);
        a2.intoMemorySegment(ALL, at + 2L * BYTES, ORDER);
        a3.intoMemorySegment(ALL, at + 3L * BYTES, ORDER);
        weight += BYTES;
        at += token;
      } while (at != end);
      x += xToken;
    }
  }

  private void threeRows(Tile tile, long p, long x, long sum) {
    long pRow = weightRow;
    long xRow = source.row();
    long xToken = source.token();
    long token = sums.token();
    long window = kernel * token;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector x00 = FloatVector.fromMemorySegment(FLOATS, ALL, x, ORDER);
      FloatVector x01 = FloatVector.fromMemorySegment(FLOATS, ALL, x + BYTES, ORDER);
      FloatVector x02 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 2L * BYTES, ORDER);
      FloatVector x03 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 3L * BYTES, ORDER);
      FloatVector x10 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow, ORDER);
      FloatVector x11 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow + BYTES, ORDER);
      FloatVector x12 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow + 2L * BYTES, ORDER);
      FloatVector x13 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow + 3L * BYTES, ORDER);
      FloatVector x20 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 2 * xRow, ORDER);
      FloatVector x21 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 2 * xRow + BYTES, ORDER);
      FloatVector x22 =
          FloatVector.fromMemorySegment(FLOATS, ALL, x + 2 * xRow + 2L * BYTES, ORDER);
      FloatVector x23 =
          FloatVector.fromMemorySegment(FLOATS, ALL, x + 2 * xRow + 3L * BYTES, ORDER);
      long weight = p + 4L * lane;
      long at = sum + tile.windowStart[lane] * token;
      long end = at + window;
      do {
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + BYTES, ORDER);
        FloatVector a2 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 2L * BYTES, ORDER);
        FloatVector a3 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 3L * BYTES, ORDER);
        FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
        a0 = x00.fma(w, a0);
        a1 = x01.fma(w, a1);
        a2 = x02.fma(w, a2);
        a3 = x03.fma(w, a3);
        w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
        a0 = x10.fma(w, a0);
        a1 = x11.fma(w, a1);
        a2 = x12.fma(w, a2);
        a3 = x13.fma(w, a3);
        w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 2 * pRow));
        a0 = x20.fma(w, a0);
        a1 = x21.fma(w, a1);
        a2 = x22.fma(w, a2);
        a3 = x23.fma(w, a3);
        a0.intoMemorySegment(ALL, at, ORDER);
        a1.intoMemorySegment(ALL, at + BYTES, ORDER);
        a2.intoMemorySegment(ALL, at + 2L * BYTES, ORDER);
        a3.intoMemorySegment(ALL, at + 3L * BYTES, ORDER);
        weight += BYTES;
        at += token;
      } while (at != end);
      x += xToken;
    }
  }

  private void twoRows(Tile tile, long p, long x, long sum) {
    long pRow = weightRow;
    long xRow = source.row();
    long xToken = source.token();
    long token = sums.token();
    long window = kernel * token;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector x00 = FloatVector.fromMemorySegment(FLOATS, ALL, x, ORDER);
      FloatVector x01 = FloatVector.fromMemorySegment(FLOATS, ALL, x + BYTES, ORDER);
      FloatVector x02 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 2L * BYTES, ORDER);
      FloatVector x03 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 3L * BYTES, ORDER);
      FloatVector x10 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow, ORDER);
      FloatVector x11 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow + BYTES, ORDER);
      FloatVector x12 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow + 2L * BYTES, ORDER);
      FloatVector x13 = FloatVector.fromMemorySegment(FLOATS, ALL, x + xRow + 3L * BYTES, ORDER);
      long weight = p + 4L * lane;
      long at = sum + tile.windowStart[lane] * token;
      long end = at + window;
      do {
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + BYTES, ORDER);
        FloatVector a2 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 2L * BYTES, ORDER);
        FloatVector a3 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 3L * BYTES, ORDER);
        FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
        a0 = x00.fma(w, a0);
        a1 = x01.fma(w, a1);
        a2 = x02.fma(w, a2);
        a3 = x03.fma(w, a3);
        w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
        a0 = x10.fma(w, a0);
        a1 = x11.fma(w, a1);
        a2 = x12.fma(w, a2);
        a3 = x13.fma(w, a3);
        a0.intoMemorySegment(ALL, at, ORDER);
        a1.intoMemorySegment(ALL, at + BYTES, ORDER);
        a2.intoMemorySegment(ALL, at + 2L * BYTES, ORDER);
        a3.intoMemorySegment(ALL, at + 3L * BYTES, ORDER);
        weight += BYTES;
        at += token;
      } while (at != end);
      x += xToken;
    }
  }

  private void oneRow(Tile tile, long p, long x, long sum) {
    long xToken = source.token();
    long token = sums.token();
    long window = kernel * token;
    int lanes = tile.lanes;
    for (int lane = 0; lane < lanes; lane++) {
      FloatVector x00 = FloatVector.fromMemorySegment(FLOATS, ALL, x, ORDER);
      FloatVector x01 = FloatVector.fromMemorySegment(FLOATS, ALL, x + BYTES, ORDER);
      FloatVector x02 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 2L * BYTES, ORDER);
      FloatVector x03 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 3L * BYTES, ORDER);
      long weight = p + 4L * lane;
      long at = sum + tile.windowStart[lane] * token;
      long end = at + window;
      do {
        FloatVector a0 = FloatVector.fromMemorySegment(FLOATS, ALL, at, ORDER);
        FloatVector a1 = FloatVector.fromMemorySegment(FLOATS, ALL, at + BYTES, ORDER);
        FloatVector a2 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 2L * BYTES, ORDER);
        FloatVector a3 = FloatVector.fromMemorySegment(FLOATS, ALL, at + 3L * BYTES, ORDER);
        FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
        a0 = x00.fma(w, a0);
        a1 = x01.fma(w, a1);
        a2 = x02.fma(w, a2);
        a3 = x03.fma(w, a3);
        a0.intoMemorySegment(ALL, at, ORDER);
        a1.intoMemorySegment(ALL, at + BYTES, ORDER);
        a2.intoMemorySegment(ALL, at + 2L * BYTES, ORDER);
        a3.intoMemorySegment(ALL, at + 3L * BYTES, ORDER);
        weight += BYTES;
        at += token;
      } while (at != end);
      x += xToken;
    }
  }
}
