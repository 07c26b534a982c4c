package dev.hourglass.kernels.resample;

import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.GradientRows;
import dev.hourglass.kernels.product.Operand;
import dev.hourglass.kernels.product.Weight;

/**
 * {@code y = patches(x) W^T}: joins patches of fine tokens to coarse ones (docs/model.md, 1.2).
 * With patches of one token it is a plain linear layer.
 */
public final class MergeKernel {

  private final TokenChunks chunks;
  private final PatchGrid grid;
  private final Weight weight;
  private final boolean bfloat16;
  private final GradientRows gradientRows;

  /**
   * The layer for a batch.
   *
   * @param tokens coarse tokens of an image
   * @param weight {@code [out, patchHeight * patchWidth * channels]}
   */
  public MergeKernel(int images, int tokens, PatchGrid grid, Weight weight) {
    this.grid = grid;
    this.weight = weight;
    this.bfloat16 = weight.bfloat16();
    this.chunks = new TokenChunks(images, tokens, weight.in() + weight.out());
    this.gradientRows = new GradientRows(chunks, bfloat16);
  }

  /** x: the fine tokens; y {@code [images, tokens, out]}. */
  public void forward(long x, long y) {
    long form = weight.forForward();
    int out = weight.out();
    Workers.shared()
        .run(
            chunks.count(),
            (item, scratch) -> {
              Chunk chunk = chunks.chunk(item);
              int rows = chunk.rows();
              long source = patches(chunk, x, scratch);
              long left = Operand.left(bfloat16, source, rows, weight.in(), scratch);
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

  /** Working memory of the backward pass: operands of the weight's gradient. */
  private record Work(long xRows, long yRows, long size) {}

  private Work work(long base) {
    Parts parts = new Parts(base);
    return new Work(
        parts.bytes(
            grid.isPlain() ? gradientRows.copyBytes(weight.in()) : gradientRows.bytes(weight.in())),
        parts.bytes(gradientRows.copyBytes(weight.out())),
        parts.size());
  }

  /** Bytes of working memory for {@link #backward}. */
  public long workBytes() {
    return work(0).size;
  }

  /**
   * Computes the gradients, which overwrite their targets.
   *
   * @param xGradient like x, or 0 if it is not wanted
   * @param weightGradient like the weight, float32
   */
  public void backward(
      long x, long yGradient, long workMemory, long xGradient, long weightGradient) {
    long form = xGradient == 0 ? 0 : weight.forBackward();
    Work work = work(workMemory);
    int in = weight.in();
    int out = weight.out();
    Workers.shared()
        .run(
            chunks.count(),
            (item, scratch) -> {
              Chunk chunk = chunks.chunk(item);
              int rows = chunk.rows();
              long dy = yGradient + 4L * chunk.firstRow() * out;
              if (xGradient != 0) {
                long left = Operand.left(bfloat16, dy, rows, out, scratch);
                long place = xGradient + 4L * chunk.firstRow() * in;
                long dx = grid.isPlain() ? place : scratch.floats((long) rows * in);
                weight.backward(form, rows, left, 0, in, dx, in);
                if (!grid.isPlain()) {
                  grid.scatter(dx, chunk.firstRow(), rows, xGradient);
                }
              }
              long rowsOfX = x + 4L * chunk.firstRow() * in;
              if (!grid.isPlain()) {
                rowsOfX = gradientRows.room(chunk, work.xRows, in, scratch);
                grid.gather(x, chunk.firstRow(), rows, rowsOfX);
              }
              gradientRows.store(chunk, rowsOfX, in, work.xRows);
              gradientRows.store(chunk, dy, out, work.yRows);
            });
    long rows = grid.isPlain() ? gradientRows.given(x, work.xRows) : work.xRows;
    long dy = gradientRows.given(yGradient, work.yRows);
    gradientRows.multiply(out, in, dy, rows, weightGradient);
  }
}
