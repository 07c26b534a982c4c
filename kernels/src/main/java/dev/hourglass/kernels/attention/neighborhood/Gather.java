package dev.hourglass.kernels.attention.neighborhood;

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
  private final long weightRow;
  private final Plane values;
  private final Plane out;
  private final GatherTiles tiles;

  /**
   * Sums of {@code values}.
   *
   * @param out overwritten
   */
  Gather(Shape shape, Plane values, Plane out) {
    this.shape = shape;
    this.values = values;
    this.out = out;
    weightRow = shape.weightRow;
    tiles = new GatherTiles(shape, values, out);
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
        case 4 -> tiles.tile1x4(tile, p, to - from, v, o);
        case 2 -> tiles.tile1x2(tile, p, to - from, v, o);
        default -> tiles.tile1x1(tile, p, to - from, v, o, c.mask());
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
        case 4 -> tiles.tile2x4(tile, p, to - from, v, o);
        case 2 -> tiles.tile2x2(tile, p, to - from, v, o);
        default -> tiles.tile2x1(tile, p, to - from, v, o, c.mask());
      }
    }
  }
}
