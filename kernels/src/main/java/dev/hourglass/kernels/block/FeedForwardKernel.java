package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.norm.NormScale;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.Bfloat16;
import dev.hourglass.kernels.product.GradientRows;
import dev.hourglass.kernels.product.Operand;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.product.WeightGradientSums;

/**
 * The feed-forward block, {@code y = x + dropout(geglu(norm(x) Up^T)) Down^T} (hdit: "Layer"),
 * fused over chunks of token rows.
 *
 * <p>Keeps {@code norm(x) Up^T} for the backward pass and computes the rest again.
 */
public final class FeedForwardKernel {

  /** Hidden units that go through product and activation at once. */
  private static final int PANEL = 64;

  private final TokenChunks chunks;
  private final Weight up;
  private final Weight down;
  private final int width;
  private final int hidden;
  private final boolean bfloat16;
  private final GradientRows gradientRows;
  private final boolean summed;
  private final WeightGradientSums upSums;
  private final WeightGradientSums downSums;

  /**
   * The block for a batch.
   *
   * @param up {@code [2 * hidden, width]}
   * @param down {@code [width, hidden]}, in the same number format
   */
  public FeedForwardKernel(int images, int tokens, Weight up, Weight down) {
    this.up = up;
    this.down = down;
    this.width = up.in();
    this.hidden = down.in();
    this.bfloat16 = up.bfloat16();
    this.chunks = new TokenChunks(images, tokens, width + 2 * hidden);
    this.gradientRows = new GradientRows(chunks, bfloat16);
    this.summed = WeightGradientSums.suit(chunks, up, down);
    this.upSums = new WeightGradientSums(chunks, up);
    this.downSums = new WeightGradientSums(chunks, down);
  }

  /** Bytes that {@link #forward} keeps for the backward pass. */
  public long keptBytes() {
    return (long) chunks.rows() * 2 * hidden * (bfloat16 ? 2 : 4);
  }

  /**
   * Computes the block.
   *
   * @param x {@code [images, tokens, width]}
   * @param y the same; may not be x
   * @param kept {@link #keptBytes} bytes to fill for the backward pass, or 0
   */
  public void forward(long x, NormScale scale, TokenDropout dropout, long y, long kept) {
    long upForm = up.forForward();
    long downForm = down.forForward();
    Workers.shared()
        .run(
            chunks.count(),
            (item, scratch) -> {
              Chunk chunk = chunks.chunk(item);
              int rows = chunk.rows();
              long from = 4L * chunk.firstRow() * width;
              long normed = scratch.floats((long) rows * width);
              scale.normalise(chunk, x + from, normed, width);
              long left = Operand.left(bfloat16, normed, rows, width, scratch);
              long activated = scratch.floats((long) rows * hidden);
              activate(chunk, upForm, left, kept, activated, scratch);
              dropout.apply(chunk, activated, hidden, scratch);
              long hiddenRows = Operand.left(bfloat16, activated, rows, hidden, scratch);
              Memory.copy(x + from, y + from, 4L * rows * width);
              down.forward(downForm, true, rows, hiddenRows, 0, width, y + from, width);
            });
  }

  /** {@code geglu(left Up^T)}, panel by panel of hidden units, to {@code [rows, hidden]}. */
  private void activate(
      Chunk chunk, long upForm, long left, long kept, long activated, Scratch scratch) {
    int rows = chunk.rows();
    long values = scratch.floats((long) rows * 2 * PANEL); // [rows, (value, gate), PANEL]
    for (int j = 0; j < hidden; j += PANEL) {
      int n = Math.min(PANEL, hidden - j);
      long a = values;
      int stride = 2 * PANEL;
      if (kept != 0 && !bfloat16) {
        a = kept + 4L * ((long) chunk.firstRow() * 2 * hidden + j);
        stride = 2 * hidden;
      }
      long g = a + (kept != 0 && !bfloat16 ? 4L * hidden : 4L * PANEL);
      up.forward(upForm, false, rows, left, j, n, a, stride);
      up.forward(upForm, false, rows, left, hidden + j, n, g, stride);
      if (kept != 0 && bfloat16) {
        for (int i = 0; i < rows; i++) {
          long row = kept + 2L * ((long) (chunk.firstRow() + i) * 2 * hidden + j);
          Bfloat16.narrow(a + 4L * i * stride, row, n);
          Bfloat16.narrow(g + 4L * i * stride, row + 2L * hidden, n);
        }
      }
      Geglu.forward(a, g, 4L * stride, activated + 4L * j, 4L * hidden, rows, n);
    }
  }

  /** What the backward pass needs besides, and where its results go; all float32. */
  public record Gradients(long x, long scale, long up, long down) {}

  /**
   * Working memory of the backward pass: sums of the weights' gradients, or else their operands,
   * rows or row pairs; and partial sums of the norm's.
   */
  private record Work(
      long upSums,
      long downSums,
      long hiddenRows,
      long upRows,
      long normedRows,
      long yRows,
      long partials,
      long size) {}

  private Work work(long base) {
    Parts parts = new Parts(base);
    return new Work(
        parts.bytes(summed ? upSums.bytes() : 0),
        parts.bytes(summed ? downSums.bytes() : 0),
        parts.bytes(summed ? 0 : gradientRows.bytes(hidden)),
        parts.bytes(summed ? 0 : gradientRows.bytes(2 * hidden)),
        parts.bytes(summed ? 0 : gradientRows.bytes(width)),
        parts.bytes(summed ? 0 : gradientRows.copyBytes(width)),
        parts.floats((long) chunks.images() * chunks.parts() * width),
        parts.size());
  }

  /** Bytes of working memory for {@link #backward}. */
  public long workBytes() {
    return work(0).size;
  }

  /**
   * Computes the gradients.
   *
   * @param kept what {@link #forward} filled
   * @param yGradient {@code [images, tokens, width]}
   * @param workMemory {@link #workBytes} bytes
   * @param gradients of x, of the norm's scale, and of both weights; overwritten
   */
  public void backward(
      long x,
      NormScale scale,
      TokenDropout dropout,
      long kept,
      long yGradient,
      long workMemory,
      Gradients gradients) {
    Backward pass =
        new Backward(
            x,
            scale,
            dropout,
            kept,
            yGradient,
            work(workMemory),
            gradients,
            up.forBackward(),
            down.forBackward());
    int items = summed ? chunks.groups() : chunks.count();
    Workers.shared()
        .run(
            items,
            (item, scratch) -> {
              int first = summed ? chunks.groupStart(item) : item;
              int end = summed ? chunks.groupStart(item + 1) : item + 1;
              for (int i = first; i < end; i++) {
                scratch.reset();
                backward(pass, chunks.chunk(i), item, i == first, scratch);
              }
            });
    Work work = pass.work;
    scale.reduce(chunks, work.partials, gradients.scale, width);
    if (summed) {
      upSums.finish(work.upSums, gradients.up);
      downSums.finish(work.downSums, gradients.down);
    } else {
      long dy = gradientRows.given(yGradient, work.yRows);
      gradientRows.multiply(width, hidden, dy, work.hiddenRows, gradients.down);
      gradientRows.multiply(2 * hidden, width, work.upRows, work.normedRows, gradients.up);
    }
  }

  private record Backward(
      long x,
      NormScale scale,
      TokenDropout dropout,
      long kept,
      long yGradient,
      Work work,
      Gradients gradients,
      long upForm,
      long downForm) {}

  private void backward(Backward pass, Chunk chunk, int group, boolean first, Scratch scratch) {
    Work work = pass.work;
    int n = chunk.rows();
    long from = 4L * chunk.firstRow() * width;
    long x = pass.x + from;
    long dy = pass.yGradient + from;
    long left = Operand.left(bfloat16, dy, n, width, scratch);
    long dh = scratch.floats((long) n * hidden);
    down.backward(pass.downForm, n, left, 0, hidden, dh, hidden);
    pass.dropout.apply(chunk, dh, hidden, scratch);
    long h = operandRows(chunk, work.hiddenRows, hidden, scratch);
    long du = operandRows(chunk, work.upRows, 2 * hidden, scratch);
    gate(chunk, pass.kept, dh, du, h, scratch);
    pass.dropout.apply(chunk, h, hidden, scratch);
    if (summed) {
      downSums.add(work.downSums, group, first, n, dy, h, scratch);
    }
    long dn = scratch.floats((long) n * width);
    long duLeft = Operand.left(bfloat16, du, n, 2 * hidden, scratch);
    up.backward(pass.upForm, n, duLeft, 0, width, dn, width);
    long normed = operandRows(chunk, work.normedRows, width, scratch);
    pass.scale.normalise(chunk, x, normed, width);
    pass.scale.backward(
        chunk, chunks.parts(), x, dn, dy, pass.gradients.x + from, work.partials, width);
    if (summed) {
      upSums.add(work.upSums, group, first, n, du, normed, scratch);
    } else {
      gradientRows.store(chunk, h, hidden, work.hiddenRows);
      gradientRows.store(chunk, du, 2 * hidden, work.upRows);
      gradientRows.store(chunk, normed, width, work.normedRows);
      gradientRows.store(chunk, dy, width, work.yRows);
    }
  }

  /** A chunk's rows for a weight's gradient: in place if they are to stay, or in scratch. */
  private long operandRows(Chunk chunk, long base, int columns, Scratch scratch) {
    return summed
        ? scratch.floats((long) chunk.rows() * columns)
        : gradientRows.room(chunk, base, columns, scratch);
  }

  /**
   * Backward of the activation: dh {@code [rows, hidden]} to du {@code [rows, 2 * hidden]} and h.
   */
  private void gate(Chunk chunk, long kept, long dh, long du, long h, Scratch scratch) {
    int rows = chunk.rows();
    long u = kept + 4L * chunk.firstRow() * 2 * hidden;
    if (bfloat16) {
      u = scratch.floats(2L * rows * hidden);
      Bfloat16.widen(kept + 2L * chunk.firstRow() * 2 * hidden, u, rows * 2 * hidden);
    }
    long stride = 8L * hidden;
    long half = 4L * hidden;
    Geglu.backward(u, u + half, stride, dh, half, du, du + half, stride, h, rows, hidden);
  }
}
