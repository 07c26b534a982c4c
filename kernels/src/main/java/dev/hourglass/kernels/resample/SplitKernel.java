package dev.hourglass.kernels.resample;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.product.Operand;
import dev.hourglass.kernels.product.Sums;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.product.WeightGradient;
import dev.hourglass.kernels.product.WeightGradientRows;

/**
 * {@code y = skip + factor * (unpatch(x W^T) - skip)}: splits coarse tokens to patches of fine ones
 * and mixes them with the skip of their level (docs/model.md, 1.4). Without a skip, {@code y =
 * unpatch(x W^T)}.
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
   * @param skip fine tokens like y, or 0 for none
   * @param factor without effect if there is no skip
   */
  public void forward(long x, long skip, float factor, long y) {
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
          if (skip == 0) {
            grid.scatter(split, chunk.firstRow(), rows, y);
          } else {
            grid.scatterLerp(split, chunk.firstRow(), rows, skip, factor, y);
          }
        });
  }

  /** Where gradients go; skip is 0 if there is none, and then factor, a single float, is unused. */
  public record Gradients(long x, long skip, long factor, long weight) {}

  /** Working memory of the backward pass: for the weight's gradient, and partial sums. */
  private record Work(long weight, long partials, long size) {}

  private Work work(long base) {
    Parts parts = new Parts(base);
    return new Work(
        parts.bytes(gradient.bytes()),
        parts.bytes((long) chunks.count() * Double.BYTES),
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
      float factor,
      long weightValues,
      long yGradient,
      long workMemory,
      Gradients gradients) {
    long form = weight.forBackward();
    Work work = work(workMemory);
    int in = weight.in();
    int out = weight.out();
    float scale = skip == 0 ? 1 : factor;
    chunks.each(
        (chunk, scratch) -> {
          int rows = chunk.rows();
          long dy = gradient.dyRoom(work.weight, chunk, scratch);
          grid.gather(yGradient, chunk.firstRow(), rows, dy);
          long left = Operand.left(weight.bfloat16(), dy, rows, out, scratch);
          long dx = gradients.x + 4L * chunk.firstRow() * in;
          weight.backward(form, rows, left, 0, in, dx, in);
          if (skip != 0) {
            Lerp.scale(dx, factor, dx, rows * in);
            skipGradient(chunk, skip, factor, yGradient, work, gradients);
          }
          gradient.add(work.weight, chunk, dy, x + 4L * chunk.firstRow() * in, scratch);
        });
    gradient.finish(work.weight, 0, x, gradients.weight);
    if (skip != 0) {
      factorGradient(weightValues, work, gradients);
      Lerp.scale(gradients.weight, scale, gradients.weight, out * in);
    }
  }

  /**
   * {@code (1 - factor) dy}, and the chunk's part of {@code sum dy * skip}: any equal split does.
   */
  private void skipGradient(
      Chunk chunk, long skip, float factor, long yGradient, Work work, Gradients gradients) {
    long first = 4L * chunk.firstRow() * weight.out();
    int count = chunk.rows() * weight.out();
    Lerp.scale(yGradient + first, 1 - factor, gradients.skip + first, count);
    double sum = Sums.longDot(yGradient + first, skip + first, count);
    Memory.setDouble(work.partials + 8L * chunk.index(), sum);
  }

  /**
   * {@code sum dy * (split - skip)}. The first part needs no split tokens: {@code sum dy * (W x)}
   * is the sum of products of W and its gradient before the factor.
   */
  private void factorGradient(long weightValues, Work work, Gradients gradients) {
    double sum = Sums.longDot(weightValues, gradients.weight, (long) weight.out() * weight.in());
    for (int i = 0; i < chunks.count(); i++) {
      sum -= Memory.getDouble(work.partials + 8L * i);
    }
    Memory.setFloat(gradients.factor, (float) sum);
  }
}
