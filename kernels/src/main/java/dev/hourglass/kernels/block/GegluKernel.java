package dev.hourglass.kernels.block;

import dev.hourglass.kernels.parallel.TokenChunks;

/** The gated activation alone, over token rows {@code [rows, 2 * hidden]}: values, then gates. */
public final class GegluKernel {

  private final TokenChunks chunks;
  private final int hidden;

  public GegluKernel(int rows, int hidden) {
    this.chunks = new TokenChunks(1, rows, 3 * hidden);
    this.hidden = hidden;
  }

  /** {@code [rows, 2 * hidden]} to {@code [rows, hidden]}. */
  public void forward(long x, long y) {
    chunks.each(
        (chunk, scratch) -> {
          long a = x + 8L * chunk.firstRow() * hidden;
          long target = y + 4L * chunk.firstRow() * hidden;
          long half = 4L * hidden;
          Geglu.forward(a, a + half, 2 * half, target, half, chunk.rows(), hidden);
        });
  }

  /** The gradient of x from that of y. */
  public void backward(long x, long yGradient, long xGradient) {
    chunks.each(
        (chunk, scratch) -> {
          int rows = chunk.rows();
          long half = 4L * hidden;
          long a = x + 8L * chunk.firstRow() * hidden;
          long da = xGradient + 8L * chunk.firstRow() * hidden;
          long dy = yGradient + 4L * chunk.firstRow() * hidden;
          long y = scratch.floats((long) rows * hidden);
          Geglu.backward(a, a + half, 2 * half, dy, half, da, da + half, 2 * half, y, rows, hidden);
        });
  }
}
