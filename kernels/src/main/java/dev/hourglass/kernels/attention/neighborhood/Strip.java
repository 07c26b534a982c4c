package dev.hourglass.kernels.attention.neighborhood;

import dev.hourglass.kernels.memory.Lanes;

/** Some columns of queries, whose rows of keys fit the cache together, and the keys they need. */
final class Strip {

  /** The first query. */
  final int from;

  /** One past the last query. */
  final int to;

  /** The first key. */
  final int firstKey;

  /** One past the last key. */
  final int endKey;

  /** The first key that the strip to the left has not. */
  final int freshKey;

  /** Bytes of a row of transposed keys, {@code [d][columns]}. */
  final long keyRow;

  /** Bytes from one channel of them to the next. */
  final long keyChannel;

  final Tile[] tiles;

  Strip(Axis columns, int from, int to, int d) {
    this.from = from;
    this.to = to;
    firstKey = columns.start(from);
    endKey = columns.end(to - 1);
    freshKey = from == 0 ? 0 : columns.end(from - 1);
    // A tile reads whole vectors, of which it needs but a part. An odd number of vectors, or the
    // channels would share few cache sets.
    int vectors = Lanes.roundUp(endKey - firstKey + Lanes.COUNT) / Lanes.COUNT;
    keyChannel = (long) (vectors | 1) * Lanes.BYTES;
    keyRow = d * keyChannel;
    tiles = new Tile[Lanes.roundUp(to - from) / Lanes.COUNT];
    for (int i = 0; i < tiles.length; i++) {
      int column = from + i * Lanes.COUNT;
      int lanes = Math.min(Lanes.COUNT, to - column);
      tiles[i] = new Tile(columns, column, lanes, keyChannel);
    }
  }
}
