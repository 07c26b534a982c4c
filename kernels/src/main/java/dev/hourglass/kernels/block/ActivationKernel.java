package dev.hourglass.kernels.block;

import dev.hourglass.kernels.parallel.TokenChunks;

/** An activation alone, over token rows {@code [rows, branches * hidden]}. */
public final class ActivationKernel {

  private final Activation activation;
  private final TokenChunks chunks;
  private final int hidden;

  /** The activation of so many rows, to {@code [rows, hidden]}. */
  public ActivationKernel(Activation activation, int rows, int hidden) {
    this.activation = activation;
    this.chunks = new TokenChunks(1, rows, (activation.branches() + 1) * hidden);
    this.hidden = hidden;
  }

  /** Bytes of a row of the input. */
  private long row() {
    return 4L * activation.branches() * hidden;
  }

  /** {@code [rows, branches * hidden]} to {@code [rows, hidden]}. */
  public void forward(long x, long y) {
    long half = 4L * hidden;
    chunks.each(
        (chunk, scratch) -> {
          long u = x + chunk.firstRow() * row();
          long target = y + half * chunk.firstRow();
          activation.forward(u, half, row(), target, half, chunk.rows(), hidden);
        });
  }

  /** The gradient of x from that of y. */
  public void backward(long x, long yGradient, long xGradient) {
    long half = 4L * hidden;
    chunks.each(
        (chunk, scratch) -> {
          int rows = chunk.rows();
          long from = chunk.firstRow() * row();
          long dy = yGradient + half * chunk.firstRow();
          long y = scratch.floats((long) rows * hidden);
          activation.backward(x + from, half, row(), dy, half, xGradient + from, y, rows, hidden);
        });
  }
}
