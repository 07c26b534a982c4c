package dev.hourglass.kernels.attention.neighborhood;

import dev.hourglass.kernels.memory.Lanes;
import java.util.Arrays;

/**
 * The sizes of a {@link NeighborhoodKernel}, and how it divides its work: rows into bands that are
 * work items, columns into strips whose keys fit the cache, both into tiles of {@link #ROWS} x
 * COUNT queries. It depends on the sizes alone.
 *
 * <p>The weights of a tile (logits, probabilities, or their gradients) are {@code [ROWS][key
 * rows][kernel][lanes]}: key rows counted from the first that the tile's first row attends to,
 * slots from the left of each lane's window. Of the kernel + ROWS - 1 key rows each row of queries
 * uses kernel adjacent ones.
 */
final class Shape {

  /** Rows of a tile. */
  static final int ROWS = 4;

  /** Items of a pass, where there are rows enough: two for each of 16 workers. */
  private static final int WANTED_ITEMS = 32;

  /** Of a band; it transposes kernel - 1 more rows of keys. */
  private static final int FEWEST_ROWS = 16;

  /** Of a second-level cache of 1 MB, in bytes. */
  private static final int CACHE = 900 << 10;

  /** Transposed keys and values, keys, and two gradients: what the backward pass comes back to. */
  private static final int REUSED = 5;

  final int heads;
  final int d;
  final int kernel;
  final Axis rows;
  final Axis columns;
  final Strip[] strips;
  final Channels[] channels;

  /** Bytes of a row of a tile's queries, {@code [d][lanes]}. */
  final long queryRow;

  /** Bytes from one query row of weights to the next. */
  final long weightRow;

  /** Bytes from one key row of weights to the next. */
  final long weightKeyRow;

  /** The first rows of the bands, and the end. */
  private final int[] bands;

  Shape(int images, int heads, int rows, int columns, int d, int kernel) {
    if (images < 1 || heads < 1 || d < 1 || d % 8 != 0) {
      throw new IllegalArgumentException(
          "neighborhood attention needs sizes from 1 and d a multiple of 8, got %d images, %d heads, d %d"
              .formatted(images, heads, d));
    }
    if (kernel < 1 || kernel % 2 == 0 || rows < kernel || columns < kernel) {
      throw new IllegalArgumentException(
          "the kernel must be odd and fit the grid of %d x %d, got %d"
              .formatted(rows, columns, kernel));
    }
    this.heads = heads;
    this.d = d;
    this.kernel = kernel;
    this.rows = new Axis(rows, kernel);
    this.columns = new Axis(columns, kernel);
    channels = Channels.of(d);
    queryRow = (long) d * Lanes.BYTES;
    weightKeyRow = (long) kernel * Lanes.BYTES;
    weightRow = (kernel + ROWS - 1) * weightKeyRow;
    strips = strips(this.columns, d);
    bands = bands(images * heads, rows, kernel);
  }

  int bands() {
    return bands.length - 1;
  }

  int firstRow(int band) {
    return bands[band];
  }

  int endRow(int band) {
    return bands[band + 1];
  }

  /**
   * The first row of keys that the band is first to add gradients to. Even bands run first; no two
   * of them share a row.
   */
  int firstFreshKey(int band) {
    return band % 2 == 0 ? rows.start(firstRow(band)) : rows.end(firstRow(band) - 1);
  }

  /** One past the last such row. */
  int endFreshKey(int band) {
    boolean nextRanBefore = band % 2 == 1 && band + 1 < bands();
    return nextRanBefore ? rows.start(endRow(band)) : rows.end(endRow(band) - 1);
  }

  /** Bytes of a row of transposed keys of the widest strip. */
  long longestKeyRow() {
    return Arrays.stream(strips).mapToLong(s -> s.keyRow).max().orElseThrow();
  }

  private static Strip[] strips(Axis columns, int d) {
    int columnBytes = REUSED * 4 * d * (columns.kernel() + ROWS - 1);
    int most = Math.max(Lanes.COUNT, CACHE / columnBytes);
    int count = Math.max(1, Math.round((float) columns.length() / most));
    int each = Lanes.roundUp((columns.length() + count - 1) / count);
    Strip[] strips = new Strip[(columns.length() + each - 1) / each];
    for (int i = 0; i < strips.length; i++) {
      int to = Math.min(columns.length(), (i + 1) * each);
      strips[i] = new Strip(columns, i * each, to, d);
    }
    return strips;
  }

  /**
   * Bands for many workers, of whole tiles. With kernel rows or more each, a band and the next but
   * one share no key.
   */
  private static int[] bands(int planes, int rows, int kernel) {
    int tiles = (rows + ROWS - 1) / ROWS;
    int missing = tiles * ROWS - rows;
    int count = Math.max(1, (WANTED_ITEMS + planes - 1) / planes);
    while (count > 1 && tiles / count * ROWS - missing < Math.max(kernel, FEWEST_ROWS)) {
      count--;
    }
    int[] bands = new int[count + 1];
    for (int i = 0; i <= count; i++) {
      bands[i] = Math.min(rows, tiles * i / count * ROWS);
    }
    return bands;
  }
}
