package dev.hourglass.kernels.norm;

import dev.hourglass.kernels.parallel.TokenChunks;

/** The norm alone, over a batch of token rows. */
public final class NormKernel {

  private final TokenChunks chunks;
  private final int width;

  public NormKernel(int images, int tokens, int width) {
    this.chunks = new TokenChunks(images, tokens, width);
    this.width = width;
  }

  /** x and y: {@code [images, tokens, width]}. */
  public void forward(long x, NormScale scale, long y) {
    chunks.each(
        (chunk, scratch) -> {
          long from = 4L * chunk.firstRow() * width;
          scale.normalise(chunk, x + from, y + from, width);
        });
  }

  /** Bytes of working memory for {@link #backward}. */
  public long workBytes() {
    return 4L * chunks.images() * chunks.parts() * width;
  }

  /** Computes the gradients, which overwrite their targets. */
  public void backward(
      long x, NormScale scale, long yGradient, long work, long xGradient, long scaleGradient) {
    chunks.each(
        (chunk, scratch) -> {
          long from = 4L * chunk.firstRow() * width;
          scale.backward(
              chunk, chunks.parts(), x + from, yGradient + from, 0, xGradient + from, work, width);
        });
    scale.reduce(chunks, work, scaleGradient, width);
  }
}
