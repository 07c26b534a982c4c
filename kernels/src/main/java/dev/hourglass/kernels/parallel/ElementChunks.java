package dev.hourglass.kernels.parallel;

import java.util.List;

/**
 * How the elements of many arrays are split into items of work of a fixed size, the last of each
 * array smaller: for kernels that treat every element alike. The split depends on sizes alone.
 */
public final class ElementChunks {

  /** Elements of a chunk: small enough to share evenly, large enough to be worth an item. */
  static final int SIZE = 16384;

  private final long[] counts;
  private final int[] arrays;
  private final long[] starts;

  /**
   * The chunks of arrays.
   *
   * @param counts elements of each array, 0 or more
   */
  public ElementChunks(List<Long> counts) {
    this.counts = counts.stream().mapToLong(Long::longValue).toArray();
    int total = Math.toIntExact(counts.stream().mapToLong(ElementChunks::chunksOf).sum());
    arrays = new int[total];
    starts = new long[total];
    int next = 0;
    for (int array = 0; array < this.counts.length; array++) {
      for (long start = 0; start < this.counts[array]; start += SIZE) {
        arrays[next] = array;
        starts[next] = start;
        next++;
      }
    }
  }

  private static long chunksOf(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("an array of %d elements".formatted(count));
    }
    return Math.ceilDiv(count, SIZE);
  }

  /** Chunks of all arrays together. */
  public int count() {
    return arrays.length;
  }

  /** Arrays that are split. */
  public int arrays() {
    return counts.length;
  }

  /** Which array a chunk is part of. */
  public int array(int chunk) {
    return arrays[chunk];
  }

  /** Where in its array a chunk begins, in elements. */
  public long start(int chunk) {
    return starts[chunk];
  }

  /** Elements of a chunk, from 1 to {@link #SIZE}. */
  public int length(int chunk) {
    return (int) Math.min(SIZE, counts[arrays[chunk]] - starts[chunk]);
  }
}
