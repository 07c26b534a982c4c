package dev.hourglass.kernels.resample;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.GradientRows;
import dev.hourglass.kernels.product.Operand;
import dev.hourglass.kernels.product.Sums;
import dev.hourglass.kernels.product.Weight;

/**
 * {@code y = skip + factor * (unpatch(x W^T) - skip)}: splits coarse tokens to patches of fine ones
 * and mixes them with the skip of their level (docs/model.md, 1.4). Without a skip, {@code y =
 * unpatch(x W^T)}.
 */
public final class SplitKernel {

  private final TokenChunks chunks;
  private final PatchGrid grid;
  private final Weight weight;
  private final boolean bfloat16;
  private final GradientRows gradientRows;

  /**
   * The layer for a batch.
   *
   * @param tokens coarse tokens of an image
   * @param weight {@code [patchHeight * patchWidth * channels, in]}
   */
  public SplitKernel(int images, int tokens, PatchGrid grid, Weight weight) {
    this.grid = grid;
    this.weight = weight;
    this.bfloat16 = weight.bfloat16();
    this.chunks = new TokenChunks(images, tokens, weight.in() + weight.out());
    this.gradientRows = new GradientRows(chunks, bfloat16);
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
    Workers.shared()
        .run(
            chunks.count(),
            (item, scratch) -> {
              Chunk chunk = chunks.chunk(item);
              int rows = chunk.rows();
              long source = x + 4L * chunk.firstRow() * in;
              long left = Operand.left(bfloat16, source, rows, in, scratch);
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

  /** Working memory of the backward pass: operands of the weight's gradient, and partial sums. */
  private record Work(long xRows, long yRows, long partials, long size) {}

  private Work work(long base) {
    Parts parts = new Parts(base);
    return new Work(
        parts.bytes(gradientRows.copyBytes(weight.in())),
        parts.bytes(gradientRows.bytes(weight.out())),
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
    Workers.shared()
        .run(
            chunks.count(),
            (item, scratch) -> {
              Chunk chunk = chunks.chunk(item);
              int rows = chunk.rows();
              long dy = gradientRows.room(chunk, work.yRows, out, scratch);
              grid.gather(yGradient, chunk.firstRow(), rows, dy);
              long left = Operand.left(bfloat16, dy, rows, out, scratch);
              long dx = gradients.x + 4L * chunk.firstRow() * in;
              weight.backward(form, rows, left, 0, in, dx, in);
              if (skip != 0) {
                Lerp.scale(dx, factor, dx, rows * in);
                skipGradient(chunk, skip, factor, yGradient, work, gradients);
              }
              gradientRows.store(chunk, x + 4L * chunk.firstRow() * in, in, work.xRows);
              gradientRows.store(chunk, dy, out, work.yRows);
            });
    gradientRows.multiply(out, in, work.yRows, gradientRows.given(x, work.xRows), gradients.weight);
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
