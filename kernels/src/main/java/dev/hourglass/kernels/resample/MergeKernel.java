package dev.hourglass.kernels.resample;

import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.product.Operand;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.product.WeightGradient;
import dev.hourglass.kernels.product.WeightGradientRows;

/**
 * {@code y = patches(x) W^T}: joins patches of fine tokens to coarse ones (docs/model.md, 1.2).
 * With patches of one token it is a plain linear layer.
 */
public final class MergeKernel {

  private final TokenChunks chunks;
  private final PatchGrid grid;
  private final Weight weight;
  private final WeightGradient gradient;

  /**
   * The layer for a batch.
   *
   * @param tokens coarse tokens of an image
   * @param weight {@code [out, patchHeight * patchWidth * channels]}
   */
  public MergeKernel(int images, int tokens, PatchGrid grid, Weight weight) {
    this.grid = grid;
    this.weight = weight;
    this.chunks = new TokenChunks(images, tokens, weight.in() + weight.out());
    this.gradient = new WeightGradientRows(chunks, weight, true, grid.isPlain());
  }

  /** x: the fine tokens; y {@code [images, tokens, out]}. */
  public void forward(long x, long y) {
    long form = weight.forForward();
    int out = weight.out();
    chunks.each(
        (chunk, scratch) -> {
          int rows = chunk.rows();
          long source = patches(chunk, x, scratch);
          long left = Operand.left(weight.bfloat16(), source, rows, weight.in(), scratch);
          weight.forward(form, false, rows, left, 0, out, y + 4L * chunk.firstRow() * out, out);
        });
  }

  private long patches(Chunk chunk, long x, Scratch scratch) {
    if (grid.isPlain()) {
      return x + 4L * chunk.firstRow() * weight.in();
    }
    long rows = scratch.floats((long) chunk.rows() * weight.in());
    grid.gather(x, chunk.firstRow(), chunk.rows(), rows);
    return rows;
  }

  /** Bytes of working memory for {@link #backward}. */
  public long workBytes() {
    return gradient.bytes();
  }

  /**
   * Computes the gradients, which overwrite their targets.
   *
   * @param xGradient like x, or 0 if it is not wanted
   * @param weightGradient like the weight, float32
   */
  public void backward(long x, long yGradient, long work, long xGradient, long weightGradient) {
    long form = xGradient == 0 ? 0 : weight.forBackward();
    int in = weight.in();
    int out = weight.out();
    chunks.each(
        (chunk, scratch) -> {
          int rows = chunk.rows();
          long dy = yGradient + 4L * chunk.firstRow() * out;
          if (xGradient != 0) {
            long left = Operand.left(weight.bfloat16(), dy, rows, out, scratch);
            long place = xGradient + 4L * chunk.firstRow() * in;
            long dx = grid.isPlain() ? place : scratch.floats((long) rows * in);
            weight.backward(form, rows, left, 0, in, dx, in);
            if (!grid.isPlain()) {
              grid.scatter(dx, chunk.firstRow(), rows, xGradient);
            }
          }
          long rowsOfX = x + 4L * chunk.firstRow() * in;
          if (!grid.isPlain()) {
            rowsOfX = gradient.xRoom(work, chunk, scratch);
            grid.gather(x, chunk.firstRow(), rows, rowsOfX);
          }
          gradient.add(work, chunk, dy, rowsOfX, scratch);
        });
    gradient.finish(work, yGradient, grid.isPlain() ? x : 0, weightGradient);
  }
}
