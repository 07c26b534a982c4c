// Written by Unroller from ScatterTiles.template: change that, not this.
package dev.hourglass.kernels.attention.neighborhood;

import static dev.hourglass.kernels.memory.Lanes.BYTES;
import static dev.hourglass.kernels.memory.Lanes.FLOATS;
import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.FLOAT;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link Scatter} of rows of queries to one row of keys: {@code tile4x2} takes four rows and two
 * vectors of channels of each token. With one vector, only the lanes of the mask take part.
 */
final class ScatterTiles {

  private final int kernel;
  private final long weightRow;
  private final Plane source;
  private final Plane sums;

  ScatterTiles(Shape shape, Plane source, Plane sums) {
    kernel = shape.kernel;
    weightRow = shape.weightRow;
    this.source = source;
    this.sums = sums;
  }

  /**
   * Adds some rows of queries at each column of a tile, four vectors of channels.
   *
   * @param p the weights of the first
   * @param x the numbers of the first query
   * @param sum of the first key of the tile
   */
  void fourVectors(Tile tile, int rows, long p, long x, long sum) {
    switch (rows) {
      case 4 -> tile4x4(tile, p, x, sum);
      case 3 -> tile3x4(tile, p, x, sum);
      case 2 -> tile2x4(tile, p, x, sum);
      default -> tile1x4(tile, p, x, sum);
    }
  }

  void tile4x4(Tile tile, long p, long x, long sum) {
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
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a0 = x00.fma(w, a0);
          a1 = x01.fma(w, a1);
          a2 = x02.fma(w, a2);
          a3 = x03.fma(w, a3);
        }
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
          a0 = x10.fma(w, a0);
          a1 = x11.fma(w, a1);
          a2 = x12.fma(w, a2);
          a3 = x13.fma(w, a3);
        }
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 2 * pRow));
          a0 = x20.fma(w, a0);
          a1 = x21.fma(w, a1);
          a2 = x22.fma(w, a2);
          a3 = x23.fma(w, a3);
        }
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 3 * pRow));
          a0 = x30.fma(w, a0);
          a1 = x31.fma(w, a1);
          a2 = x32.fma(w, a2);
          a3 = x33.fma(w, a3);
        }
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

  void tile3x4(Tile tile, long p, long x, long sum) {
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
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a0 = x00.fma(w, a0);
          a1 = x01.fma(w, a1);
          a2 = x02.fma(w, a2);
          a3 = x03.fma(w, a3);
        }
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
          a0 = x10.fma(w, a0);
          a1 = x11.fma(w, a1);
          a2 = x12.fma(w, a2);
          a3 = x13.fma(w, a3);
        }
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 2 * pRow));
          a0 = x20.fma(w, a0);
          a1 = x21.fma(w, a1);
          a2 = x22.fma(w, a2);
          a3 = x23.fma(w, a3);
        }
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

  void tile2x4(Tile tile, long p, long x, long sum) {
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
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a0 = x00.fma(w, a0);
          a1 = x01.fma(w, a1);
          a2 = x02.fma(w, a2);
          a3 = x03.fma(w, a3);
        }
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
          a0 = x10.fma(w, a0);
          a1 = x11.fma(w, a1);
          a2 = x12.fma(w, a2);
          a3 = x13.fma(w, a3);
        }
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

  void tile1x4(Tile tile, long p, long x, long sum) {
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
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a0 = x00.fma(w, a0);
          a1 = x01.fma(w, a1);
          a2 = x02.fma(w, a2);
          a3 = x03.fma(w, a3);
        }
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

  void tile4x2(Tile tile, long p, long x, long sum) {
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
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a0 = x00.fma(w, a0);
          a1 = x01.fma(w, a1);
        }
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
          a0 = x10.fma(w, a0);
          a1 = x11.fma(w, a1);
        }
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 2 * pRow));
          a0 = x20.fma(w, a0);
          a1 = x21.fma(w, a1);
        }
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + 3 * pRow));
          a0 = x30.fma(w, a0);
          a1 = x31.fma(w, a1);
        }
        a0.intoMemorySegment(ALL, at, ORDER);
        a1.intoMemorySegment(ALL, at + BYTES, ORDER);
        weight += BYTES;
        at += token;
      } while (at != end);
      x += xToken;
    }
  }

  void tile2x2(Tile tile, long p, long x, long sum) {
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
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a0 = x00.fma(w, a0);
          a1 = x01.fma(w, a1);
        }
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight + pRow));
          a0 = x10.fma(w, a0);
          a1 = x11.fma(w, a1);
        }
        a0.intoMemorySegment(ALL, at, ORDER);
        a1.intoMemorySegment(ALL, at + BYTES, ORDER);
        weight += BYTES;
        at += token;
      } while (at != end);
      x += xToken;
    }
  }

  void tile1x2(Tile tile, long p, long x, long sum) {
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
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a0 = x00.fma(w, a0);
          a1 = x01.fma(w, a1);
        }
        a0.intoMemorySegment(ALL, at, ORDER);
        a1.intoMemorySegment(ALL, at + BYTES, ORDER);
        weight += BYTES;
        at += token;
      } while (at != end);
      x += xToken;
    }
  }

  void tile1x1(Tile tile, long p, long x, long sum, VectorMask<Float> mask) {
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
        {
          FloatVector w = FloatVector.broadcast(FLOATS, ALL.get(FLOAT, weight));
          a0 = x00.fma(w, a0);
        }
        a0.intoMemorySegment(ALL, at, ORDER, mask);
        weight += BYTES;
        at += token;
      } while (at != end);
      x += xToken;
    }
  }
}
