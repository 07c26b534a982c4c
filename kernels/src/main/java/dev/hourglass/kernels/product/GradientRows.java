package dev.hourglass.kernels.product;

import dev.hourglass.kernels.KernelActivity;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;

/**
 * The token rows of all chunks that a weight's gradient is a product of: in the number format of
 * the weight's products, so as float32 rows or as row pairs of bfloat16. A chunk's rows are made in
 * {@link #room} and then stored.
 */
@KernelActivity(KernelActivity.Kind.MEMORY)
public record GradientRows(TokenChunks chunks, boolean bfloat16) {

  /** Bytes of all rows of that width. */
  public long bytes(int width) {
    return bfloat16 ? 2L * chunks.paddedRows() * width : 4L * chunks.rows() * width;
  }

  /** Bytes for rows that lie in memory anyway, as float32: none if they serve as they are. */
  public long copyBytes(int width) {
    return bfloat16 ? bytes(width) : 0;
  }

  /** Where to make a chunk's float32 rows: in place if they are to stay, or in scratch. */
  public long room(Chunk chunk, long base, int width, Scratch scratch) {
    return bfloat16 ? scratch.floats((long) chunk.rows() * width) : place(chunk, base, width);
  }

  private static long place(Chunk chunk, long base, int width) {
    return base + 4L * chunk.firstRow() * width;
  }

  /** Stores a chunk's rows, which are in their {@link #room} or need no copy. */
  public void store(Chunk chunk, long rows, int width, long base) {
    if (bfloat16) {
      Operand.storePairs(chunks, chunk, rows, width, base);
    }
  }

  /** Stores a chunk's rows from wherever they are. */
  public void storeCopy(Chunk chunk, long rows, int width, long base) {
    if (bfloat16) {
      Operand.storePairs(chunks, chunk, rows, width, base);
    } else {
      Memory.copy(rows, place(chunk, base, width), 4L * chunk.rows() * width);
    }
  }

  /** Of rows with {@link #copyBytes}, those to multiply: the float32 rows, or what was stored. */
  public long given(long rows, long stored) {
    return bfloat16 ? stored : rows;
  }

  /** {@code dW [out, in] = dy^T x}, which overwrites {@code target}. */
  public void multiply(int out, int in, long dy, long x, long target) {
    if (bfloat16) {
      WeightGradient.bfloats(chunks.paddedRows(), out, in, dy, x, target);
    } else {
      WeightGradient.floats(chunks.rows(), out, in, dy, x, target);
    }
  }
}
