package dev.hourglass.kernels.attention.neighborhood;

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
  private final long weightRow;
  private final Plane source;
  private final Plane sums;
  private final ScatterTiles tiles;

  /**
   * Sums of the queries' {@code source}.
   *
   * @param sums of the keys, added to
   */
  Scatter(Shape shape, Plane source, Plane sums) {
    this.shape = shape;
    this.source = source;
    this.sums = sums;
    weightRow = shape.weightRow;
    tiles = new ScatterTiles(shape, source, sums);
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
          case 4 -> tiles.fourVectors(tile, to - from, p, x, sum);
          case 2 -> two(tile, to - from, p, x, sum);
          default -> rest(tile, to - from, p, x, sum, c.mask());
        }
      }
    }
  }

  private void two(Tile tile, int rows, long p, long x, long sum) {
    int done = 0;
    if (rows == 4) {
      tiles.tile4x2(tile, p, x, sum);
      done = 4;
    } else if (rows >= 2) {
      tiles.tile2x2(tile, p, x, sum);
      done = 2;
    }
    if (done < rows) {
      tiles.tile1x2(tile, p + done * weightRow, x + done * source.row(), sum);
    }
  }

  private void rest(Tile tile, int rows, long p, long x, long sum, VectorMask<Float> mask) {
    for (int r = 0; r < rows; r++) {
      tiles.tile1x1(tile, p + r * weightRow, x + r * source.row(), sum, mask);
    }
  }
}
