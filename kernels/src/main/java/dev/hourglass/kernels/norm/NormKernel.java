package dev.hourglass.kernels.norm;

import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.norm.TokenNorm.Gradients;
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
  public void forward(long x, TokenNorm norm, long y) {
    chunks.each(
        (chunk, scratch) -> {
          long from = 4L * chunk.firstRow() * width;
          norm.normalise(chunk, x + from, y + from, width);
        });
  }

  /** Bytes of working memory for {@link #backward}. */
  public long workBytes() {
    Parts parts = new Parts(0);
    TokenNorm.Partials.of(parts, chunks, width);
    return parts.size();
  }

  /** Computes the gradients, which overwrite their targets. */
  public void backward(
      long x, TokenNorm norm, long yGradient, long work, long xGradient, Gradients gradients) {
    TokenNorm.Partials sums = TokenNorm.Partials.of(new Parts(work), chunks, width);
    chunks.each(
        (chunk, scratch) -> {
          long from = 4L * chunk.firstRow() * width;
          norm.backward(chunk, x + from, yGradient + from, 0, xGradient + from, sums, width);
        });
    norm.reduce(sums, gradients);
  }
}
