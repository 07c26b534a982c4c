package dev.hourglass.kernels.resample;

import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.product.Operand;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.product.WeightGradient;
import dev.hourglass.kernels.product.WeightGradientRows;

/**
 * {@code y = mix(skip, unpatch(x W^T))}: splits coarse tokens to patches of fine ones and mixes
 * them with the skip of their level (docs/model.md, 1.4).
 */
public final class SplitKernel {

  private final TokenChunks chunks;
  private final PatchGrid grid;
  private final Weight weight;
  private final WeightGradient gradient;

  /**
   * The layer for a batch.
   *
   * @param tokens coarse tokens of an image
   * @param weight {@code [patchHeight * patchWidth * channels, in]}
   */
  public SplitKernel(int images, int tokens, PatchGrid grid, Weight weight) {
    this.grid = grid;
    this.weight = weight;
    this.chunks = new TokenChunks(images, tokens, weight.in() + weight.out());
    this.gradient = new WeightGradientRows(chunks, weight, false, true);
  }

  /**
   * Splits.
   *
   * @param x {@code [images, tokens, in]}
   * @param skip fine tokens like y; without effect if there is none in the mix
   */
  public void forward(long x, long skip, Mix mix, long y) {
    long form = weight.forForward();
    int in = weight.in();
    int out = weight.out();
    chunks.each(
        (chunk, scratch) -> {
          int rows = chunk.rows();
          long source = x + 4L * chunk.firstRow() * in;
          long left = Operand.left(weight.bfloat16(), source, rows, in, scratch);
          long split = scratch.floats((long) rows * out);
          weight.forward(form, false, rows, left, 0, out, split, out);
          grid.scatter(split, chunk.firstRow(), rows, mix, skip, y);
        });
  }

  /** Where gradients go; skip and factor are 0 where the mix has none. */
  public record Gradients(long x, long skip, long factor, long weight) {}

  /** Working memory of the backward pass: for the weight's gradient, and partial sums. */
  private record Work(long weight, long partials, long size) {}

  private Work work(long base) {
    Parts parts = new Parts(base);
    return new Work(
        parts.bytes(gradient.bytes()),
        parts.bytes((long) chunks.count() * grid.channels() * Double.BYTES),
        parts.size());
  }

  /** Bytes of working memory for {@link #backward}. */
  public long workBytes() {
    return work(0).size;
  }

  /**
   * Computes the gradients, which overwrite their targets.
   *
   * @param weightValues the weight itself, float32
   */
  public void backward(
      long x,
      long skip,
      Mix mix,
      long weightValues,
      long yGradient,
      long workMemory,
      Gradients gradients) {
    long form = weight.forBackward();
    Work work = work(workMemory);
    int in = weight.in();
    int out = weight.out();
    int channels = grid.channels();
    chunks.each(
        (chunk, scratch) -> {
          int rows = chunk.rows();
          int tokens = rows * grid.tokens();
          long dy = gradient.dyRoom(work.weight, chunk, scratch);
          grid.gather(yGradient, chunk.firstRow(), rows, dy);
          long split = mix.splitGradient(dy, tokens, channels, scratch);
          long left = Operand.left(weight.bfloat16(), split, rows, out, scratch);
          long dx = gradients.x + 4L * chunk.firstRow() * in;
          weight.backward(form, rows, left, 0, in, dx, in);
          mix.scale(dx, rows * in);
          if (mix.hasSkip()) { // Any equal split of the fine tokens does.
            long first = 4L * chunk.firstRow() * out;
            mix.skipGradient(
                skip + first,
                yGradient + first,
                gradients.skip + first,
                work.partials + 8L * chunk.index() * channels,
                tokens,
                channels);
          }
          gradient.add(work.weight, chunk, dy, x + 4L * chunk.firstRow() * in, scratch);
        });
    gradient.finish(work.weight, 0, x, gradients.weight);
    mix.finish(
        weightValues,
        gradients.weight,
        out,
        in,
        channels,
        work.partials,
        chunks.count(),
        gradients.factor);
  }
}
