package dev.hourglass.kernels.attention.neighborhood;

import static dev.hourglass.kernels.memory.Lanes.BYTES;

/**
 * Dot products of a few rows of queries with all slots of their windows in one row of keys, some
 * slots at a time. A vector holds COUNT neighbouring queries of a row. The sums lie in registers
 * while a loop runs over the channels, so that one load of keys serves all rows, and one of queries
 * all slots.
 *
 * <p>Where windows do not bend at the border, the keys of slot s are COUNT neighbours too, s
 * columns further right. Where they do, a shuffle gives each lane the key of its own window; beside
 * the products it costs nothing, so all tiles use it.
 */
final class Dots {

  private final int kernel;
  private final long queryRow;
  private final long weightRow;
  private final DotsTiles tiles;

  Dots(Shape shape) {
    kernel = shape.kernel;
    queryRow = shape.queryRow;
    weightRow = shape.weightRow;
    tiles = new DotsTiles(shape);
  }

  /**
   * Computes a row of keys.
   *
   * @param rows of queries, 1 to 4
   * @param q {@code [rows][d][lanes]}
   * @param k {@code [d][columns]}, from slot 0 of the tile's first lane on
   * @param out {@code [kernel][lanes]} of each row of queries' weights
   */
  void row(Tile tile, int rows, long q, long k, long out) {
    if (kernel == 1) {
      for (int r = 0; r < rows; r++) {
        tiles.tile1x1(tile, q + r * queryRow, k, out + r * weightRow);
      }
      return;
    }
    // Fours and threes; kernel 5 is no such sum, so one of its slots is computed twice.
    int slot = 0;
    while (slot < kernel) {
      int left = kernel - slot;
      if (left == 2) {
        slot--;
        left = 3;
      }
      long key = k + 4L * slot;
      long to = out + (long) slot * BYTES;
      if (left % 3 == 0 || left == 5) {
        tiles.threeSlots(tile, rows, q, key, to);
        slot += 3;
      } else {
        tiles.fourSlots(tile, rows, q, key, to);
        slot += 4;
      }
    }
  }
}
