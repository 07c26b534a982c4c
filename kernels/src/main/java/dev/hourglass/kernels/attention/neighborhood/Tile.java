package dev.hourglass.kernels.attention.neighborhood;

import dev.hourglass.kernels.memory.Lanes;
import java.util.stream.IntStream;
import jdk.incubator.vector.VectorShuffle;

/** COUNT neighbouring columns of queries, one in each lane, and their windows. */
final class Tile {

  /** The first query. */
  final int column;

  /** Queries; lanes past them compute with the last window, and nobody looks at what. */
  final int lanes;

  /** The first key of the first lane. */
  final int firstKey;

  /** Where each lane's window starts, counted from {@link #firstKey}. */
  final int[] windowStart;

  /** Gives each lane its slot 0, out of a vector that starts at {@link #firstKey}. */
  final VectorShuffle<Float> windows;

  /** Bytes from one channel of the strip's transposed keys to the next. */
  final long keyChannel;

  Tile(Axis columns, int column, int lanes, long keyChannel) {
    this.column = column;
    this.lanes = lanes;
    this.keyChannel = keyChannel;
    firstKey = columns.start(column);
    windowStart =
        IntStream.range(0, Lanes.COUNT)
            .map(lane -> columns.start(column + lane) - firstKey)
            .toArray();
    windows = VectorShuffle.fromArray(Lanes.FLOATS, windowStart, 0);
  }
}
