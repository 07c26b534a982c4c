package dev.hourglass.kernels.product;

import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.Workers;

/**
 * The gradient of a weight, {@code dW [out, in] = sum over tokens of dy^T x}. A worker computes a
 * block of dW over all tokens, so the order of the sum is fixed.
 */
final class WeightGradientProduct {

  private static final int OUT_BLOCK = 64;
  private static final int IN_BLOCK = 512;

  /** Rows summed at once: what is transposed of them stays in the cache. */
  private static final int ROWS = 256;

  private WeightGradientProduct() {}

  /**
   * In float32.
   *
   * @param dy {@code [rows, out]}
   * @param x {@code [rows, in]}
   * @param target {@code [out, in]}, overwritten
   */
  static void floats(int rows, int out, int in, long dy, long x, long target) {
    run(
        out,
        in,
        (scratch, firstOut, outs, firstIn, ins) -> {
          long left = scratch.floats((long) OUT_BLOCK * ROWS);
          for (int row = 0; row < rows; row += ROWS) {
            int count = Math.min(ROWS, rows - row);
            long source = dy + 4L * ((long) row * out + firstOut);
            Transpose.transpose(source, 4L * out, count, outs, left, 4L * ROWS);
            long right = x + 4L * ((long) row * in + firstIn);
            long block = target + 4L * ((long) firstOut * in + firstIn);
            Gemm.floats(row > 0, outs, ins, count, left, ROWS, right, in, block, in);
          }
        });
  }

  /**
   * In bfloat16, from row pairs.
   *
   * @param rows even; rows that pad are zero
   * @param dy {@code [rows/2, out, 2]}
   * @param x {@code [rows/2, in, 2]}
   * @param target {@code [out, in]}, float32, overwritten
   */
  static void bfloats(int rows, int out, int in, long dy, long x, long target) {
    run(
        out,
        in,
        (scratch, firstOut, outs, firstIn, ins) -> {
          long left = scratch.bytes(2L * OUT_BLOCK * ROWS);
          for (int row = 0; row < rows; row += ROWS) {
            int count = Math.min(ROWS, rows - row);
            // Pairs of rows transposed as 32-bit numbers are rows of the transpose.
            long source = dy + 4L * ((long) row / 2 * out + firstOut);
            Transpose.transpose(source, 4L * out, count / 2, outs, left, 2L * ROWS);
            long right = x + 4L * ((long) row / 2 * in + firstIn);
            long block = target + 4L * ((long) firstOut * in + firstIn);
            Gemm.bfloats(row > 0, outs, ins, count, left, ROWS, right, in, block, in);
          }
        });
  }

  private interface Block {
    void sum(Scratch scratch, int firstOut, int outs, int firstIn, int ins);
  }

  private static void run(int out, int in, Block block) {
    int outBlocks = (out + OUT_BLOCK - 1) / OUT_BLOCK;
    int inBlocks = (in + IN_BLOCK - 1) / IN_BLOCK;
    Workers.shared()
        .run(
            outBlocks * inBlocks,
            (item, scratch) -> {
              int firstOut = item / inBlocks * OUT_BLOCK;
              int firstIn = item % inBlocks * IN_BLOCK;
              block.sum(
                  scratch,
                  firstOut,
                  Math.min(OUT_BLOCK, out - firstOut),
                  firstIn,
                  Math.min(IN_BLOCK, in - firstIn));
            });
  }
}
