package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.product.Bfloat16;

/**
 * Token rows that a block's forward pass makes and its backward pass reads again, in the number
 * format of the block's products.
 *
 * @param width numbers of a row
 */
record KeptRows(TokenChunks chunks, int width, boolean bfloat16) {

  /** Bytes of the rows of the batch. */
  long bytes() {
    return (long) chunks.rows() * width * (bfloat16 ? 2 : 4);
  }

  /** Whether rows can be made where they are kept. */
  boolean inPlace() {
    return !bfloat16;
  }

  /** Where a column of a chunk's rows is, if they are in place. */
  long place(long kept, Chunk chunk, int column) {
    return kept + 4L * ((long) chunk.firstRow() * width + column);
  }

  /**
   * Keeps columns {@code [column, column + count)} of a chunk's rows, if they are not in place.
   *
   * @param source {@code [rows, count]}, float32, rows {@code stride} floats apart
   */
  void store(long kept, Chunk chunk, int column, int count, long source, int stride) {
    for (int i = 0; i < chunk.rows(); i++) {
      long row = kept + 2L * ((long) (chunk.firstRow() + i) * width + column);
      Bfloat16.narrow(source + 4L * i * stride, row, count);
    }
  }

  /** A chunk's rows in float32: where they are, or made again in scratch. */
  long rows(long kept, Chunk chunk, Scratch scratch) {
    if (inPlace()) {
      return place(kept, chunk, 0);
    }
    int count = chunk.rows() * width;
    long wide = scratch.floats(count);
    Bfloat16.widen(kept + 2L * chunk.firstRow() * width, wide, count);
    return wide;
  }
}
