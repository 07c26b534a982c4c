package dev.hourglass.kernels.product;

import dev.hourglass.kernels.KernelActivity;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;

/** Token rows on their way into products: as they are, or rounded to bfloat16. */
@KernelActivity(KernelActivity.Kind.MEMORY)
public final class Operand {

  private Operand() {}

  /** Rows for the left side of a product, {@code [rows, width]}: x itself if that is float32. */
  public static long left(boolean bfloat16, long x, int rows, int width, Scratch scratch) {
    if (!bfloat16) {
      return x;
    }
    long narrow = scratch.bytes(2L * rows * width);
    Bfloat16.narrow(x, narrow, rows * width);
    return narrow;
  }

  /**
   * Stores a chunk's rows as row pairs at its padded place, for {@link WeightGradient}.
   *
   * @param target {@code [padded rows / 2, width, 2]}
   */
  static void storePairs(TokenChunks chunks, Chunk chunk, long x, int width, long target) {
    int rows = chunk.rows();
    long place = target + 2L * chunk.padded() * width;
    pair(x, rows, width, place);
    int even = (rows + 1) / 2 * 2;
    Memory.zero(place + 2L * even * width, 2L * (chunks.mostRows() - even) * width);
  }

  /** Rows as row pairs, {@code [rows / 2, width, 2]}, the odd row after the last one zero. */
  static long pairs(long x, int rows, int width, Scratch scratch) {
    long pairs = scratch.bytes(2L * (rows + 1) * width);
    pair(x, rows, width, pairs);
    return pairs;
  }

  private static void pair(long x, int rows, int width, long target) {
    for (int i = 0; i + 1 < rows; i += 2) {
      long row = x + 4L * i * width;
      Bfloat16.pair(row, row + 4L * width, target + 2L * i * width, width);
    }
    if (rows % 2 == 1) {
      long last = x + 4L * (rows - 1) * width;
      Bfloat16.pairWithZero(last, target + 2L * (rows - 1) * width, width);
    }
  }
}
