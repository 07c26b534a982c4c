package dev.hourglass.kernels.attention.neighborhood;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.product.Transpose;

/**
 * The products of queries with the keys of their windows, tile by tile down a strip.
 *
 * <pre>
 *   queries of a tile        keys of the strip, a ring of rows
 *   [ROWS][d][lanes]         [kernel + ROWS - 1][d][columns]
 * </pre>
 *
 * Both are kept transposed: a vector holds one channel of COUNT neighbouring columns, and a window
 * moves over the keys by one column a slot.
 */
final class Logits {

  /** The last result, as {@link Shape} lays weights out. */
  final long values;

  private final Shape shape;
  private final Plane queries;
  private final Plane keys;
  private final Dots dots;
  private final long tileQueries;
  private final int ringRows;
  private final long ring;
  private final long fewColumns;
  private Strip strip;

  /** One past the last row of keys in the ring. */
  private int endKey;

  /** What {@link Plane#touch} returned; of no use, but kept so that it does its work. */
  int touched;

  Logits(Shape shape, Scratch scratch, Plane queries, Plane keys) {
    this.shape = shape;
    this.queries = queries;
    this.keys = keys;
    dots = new Dots(shape);
    values = scratch.bytes(Shape.ROWS * shape.weightRow);
    tileQueries = scratch.bytes(Shape.ROWS * shape.queryRow);
    fewColumns = scratch.bytes(shape.queryRow);
    ringRows = shape.kernel + Shape.ROWS - 1;
    ring = scratch.bytes(ringRows * shape.longestKeyRow());
  }

  /** Turns to a strip, before its first row of tiles. */
  void start(Strip newStrip, int row) {
    strip = newStrip;
    endKey = shape.rows.start(row);
  }

  /** Prepares a row of tiles: loads the keys that they need, which replace the oldest. */
  void load(int row, int rows) {
    int bytes = 4 * shape.d;
    int end = shape.rows.end(row + rows - 1);
    int columns = strip.endKey - strip.firstKey;
    touched += queries.touch(row, rows, strip.from, strip.to - strip.from, bytes);
    touched += keys.touch(endKey, end - endKey, strip.firstKey, columns, bytes);
    for (; endKey < end; endKey++) {
      long source = keys.at(endKey, strip.firstKey);
      transpose(source, keys.token(), columns, keyRow(endKey), strip.keyChannel);
    }
  }

  private long keyRow(int row) {
    return ring + row % ringRows * strip.keyRow;
  }

  /** Computes the {@link #values} of some rows of a tile. */
  void compute(Tile tile, int row, int rows) {
    for (int r = 0; r < rows; r++) {
      long source = queries.at(row + r, tile.column);
      long target = tileQueries + r * shape.queryRow;
      transpose(source, queries.token(), tile.lanes, target, Lanes.BYTES);
    }
    int first = shape.rows.start(row);
    int end = shape.rows.end(row + rows - 1);
    long column = 4L * (tile.firstKey - strip.firstKey);
    for (int key = first; key < end; key++) {
      int from = Math.max(row, shape.rows.firstQuery(key)) - row;
      int to = Math.min(row + rows, shape.rows.endQuery(key)) - row;
      long q = tileQueries + from * shape.queryRow;
      long out = values + from * shape.weightRow + (key - first) * shape.weightKeyRow;
      dots.row(tile, to - from, q, keyRow(key) + column, out);
    }
  }

  /** Transposes {@code columns} tokens, and zeros up to a whole vector. */
  private void transpose(long source, long token, int columns, long target, long targetChannel) {
    int whole = columns - columns % Lanes.COUNT;
    Transpose.transpose(source, token, whole, shape.d, target, targetChannel);
    if (whole < columns) {
      long bytes = 4L * shape.d;
      Memory.zero(fewColumns, shape.queryRow);
      for (int x = whole; x < columns; x++) {
        Memory.copy(source + x * token, fewColumns + (x - whole) * bytes, bytes);
      }
      long rest = target + 4L * whole;
      Transpose.transpose(fewColumns, bytes, Lanes.COUNT, shape.d, rest, targetChannel);
    }
  }
}
