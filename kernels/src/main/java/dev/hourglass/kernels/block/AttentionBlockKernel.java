package dev.hourglass.kernels.block;

import dev.hourglass.kernels.attention.AttentionKernel;
import dev.hourglass.kernels.attention.HeadRows;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.norm.NormScale;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.GradientRows;
import dev.hourglass.kernels.product.Operand;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.rotary.RotaryTables;

/**
 * The attention block, {@code y = x + dropout(attention(norm(x) Qkv^T)) Out^T} (hdit: "Layer"),
 * fused over chunks of token rows on both sides of the attention itself. Cosine similarity and
 * rotary positions are applied while a chunk's q and k are in the cache.
 *
 * <p>Keeps q, k (scaled and rotated), v and what they attended to for the backward pass.
 */
public final class AttentionBlockKernel {

  private final TokenChunks chunks;
  private final HeadRows heads;
  private final int width;
  private final Weight qkv;
  private final Weight out;
  private final boolean bfloat16;
  private final GradientRows gradientRows;
  private final AttentionKernel attention;

  /**
   * The block for a batch.
   *
   * @param qkv {@code [3 * heads * d, width]}: q, k, v; then head; then channel
   * @param out {@code [width, heads * d]}, in the same number format
   * @param attention for the same images, heads, tokens and d
   */
  public AttentionBlockKernel(
      int images, int tokens, int headCount, Weight qkv, Weight out, AttentionKernel attention) {
    this.width = qkv.in();
    this.qkv = qkv;
    this.out = out;
    this.bfloat16 = qkv.bfloat16();
    this.attention = attention;
    this.chunks = new TokenChunks(images, tokens, 4 * width);
    this.gradientRows = new GradientRows(chunks, bfloat16);
    this.heads = new HeadRows(chunks, headCount, qkv.out() / (3 * headCount));
  }

  private int inner() {
    return heads.width();
  }

  /**
   * What forward leaves: q, k and v by heads, the rows they attended to, and the attention's own.
   */
  private record Kept(HeadRows.Planes planes, long attended, long rest, long size) {}

  private Kept kept(long base) {
    Parts parts = new Parts(base);
    return new Kept(
        heads.planes(parts),
        parts.floats((long) chunks.rows() * inner()),
        parts.bytes(attention.keptBytes()),
        parts.size());
  }

  /** Bytes that {@link #forward} fills, and {@link #backward} wants back. */
  public long keptBytes() {
    return kept(0).size;
  }

  /**
   * Computes the block.
   *
   * @param x {@code [images, tokens, width]}
   * @param headScale {@code [heads]}, the learned scale of the cosines
   * @param y like x; may not be x
   * @param keptMemory {@link #keptBytes} bytes, needed also if no backward pass follows
   */
  public void forward(
      long x,
      NormScale scale,
      long headScale,
      RotaryTables rotary,
      TokenDropout dropout,
      long y,
      long keptMemory) {
    long qkvForm = qkv.forForward();
    long outForm = out.forForward();
    Kept kept = kept(keptMemory);
    Workers.shared()
        .run(
            chunks.count(),
            (item, scratch) -> {
              Chunk chunk = chunks.chunk(item);
              int rows = chunk.rows();
              long normed = scratch.floats((long) rows * width);
              scale.normalise(chunk, x + 4L * chunk.firstRow() * width, normed, width);
              long left = Operand.left(bfloat16, normed, rows, width, scratch);
              long projected = scratch.floats(3L * rows * inner());
              qkv.forward(qkvForm, false, rows, left, 0, 3 * inner(), projected, 3 * inner());
              heads.toHeads(chunk, projected, headScale, rotary, kept.planes);
            });
    attention.forward(kept.planes.q(), kept.planes.k(), kept.planes.v(), kept.attended, kept.rest);
    Workers.shared()
        .run(
            chunks.count(),
            (item, scratch) -> {
              Chunk chunk = chunks.chunk(item);
              int rows = chunk.rows();
              long attended = attended(chunk, kept, dropout, scratch);
              long left = Operand.left(bfloat16, attended, rows, inner(), scratch);
              long from = 4L * chunk.firstRow() * width;
              Memory.copy(x + from, y + from, 4L * rows * width);
              out.forward(outForm, true, rows, left, 0, width, y + from, width);
            });
  }

  /** A chunk's attended rows after dropout, which spares the kept ones. */
  private long attended(Chunk chunk, Kept kept, TokenDropout dropout, Scratch scratch) {
    long rows = kept.attended + 4L * chunk.firstRow() * inner();
    if (dropout.equals(TokenDropout.NONE)) {
      return rows;
    }
    long dropped = scratch.floats((long) chunk.rows() * inner());
    Memory.copy(rows, dropped, 4L * chunk.rows() * inner());
    dropout.apply(chunk, dropped, inner(), scratch);
    return dropped;
  }

  /** Where gradients go; all float32. */
  public record Gradients(long x, long scale, long headScale, long qkv, long out) {}

  /**
   * Working memory of the backward pass: gradients by heads and of attended rows; then operands of
   * the weights' gradients, rows or row pairs; then partial sums.
   */
  private record Work(
      HeadRows.Planes planes,
      long attended,
      long qkvRows,
      long normedRows,
      long attendedRows,
      long yRows,
      long scalePartials,
      long headPartials,
      long size) {}

  private Work work(long base) {
    Parts parts = new Parts(base);
    long segments = (long) chunks.images() * chunks.parts();
    return new Work(
        heads.planes(parts),
        parts.floats((long) chunks.rows() * inner()),
        parts.bytes(gradientRows.bytes(3 * inner())),
        parts.bytes(gradientRows.bytes(width)),
        parts.bytes(gradientRows.bytes(inner())),
        parts.bytes(gradientRows.copyBytes(width)),
        parts.floats(segments * width),
        parts.bytes(segments * heads.count() * Double.BYTES),
        parts.size());
  }

  /** Bytes of working memory for {@link #backward}. */
  public long workBytes() {
    return work(0).size;
  }

  /**
   * Computes the gradients.
   *
   * @param keptMemory what {@link #forward} filled
   * @param yGradient {@code [images, tokens, width]}
   * @param workMemory {@link #workBytes} bytes
   * @param gradients of x, of the norm's scale, of {@code headScale} and of both weights;
   *     overwritten
   */
  public void backward(
      long x,
      NormScale scale,
      long headScale,
      RotaryTables rotary,
      TokenDropout dropout,
      long keptMemory,
      long yGradient,
      long workMemory,
      Gradients gradients) {
    long qkvForm = qkv.forBackward();
    long outForm = out.forBackward();
    Kept kept = kept(keptMemory);
    Work work = work(workMemory);
    Workers.shared()
        .run(
            chunks.count(),
            (item, scratch) ->
                projectBack(chunks.chunk(item), outForm, dropout, kept, yGradient, work, scratch));
    attention.backward(
        kept.planes.q(),
        kept.planes.k(),
        kept.planes.v(),
        kept.attended,
        kept.rest,
        work.attended,
        new AttentionKernel.Gradients(work.planes.q(), work.planes.k(), work.planes.v()));
    Workers.shared()
        .run(
            chunks.count(),
            (item, scratch) -> {
              Chunk chunk = chunks.chunk(item);
              int rows = chunk.rows();
              long dqkv = gradientRows.room(chunk, work.qkvRows, 3 * inner(), scratch);
              heads.gradients(
                  chunk, headScale, rotary, kept.planes, work.planes, dqkv, work.headPartials);
              long left = Operand.left(bfloat16, dqkv, rows, 3 * inner(), scratch);
              long dn = scratch.floats((long) rows * width);
              qkv.backward(qkvForm, rows, left, 0, width, dn, width);
              long from = 4L * chunk.firstRow() * width;
              long normed = gradientRows.room(chunk, work.normedRows, width, scratch);
              scale.normalise(chunk, x + from, normed, width);
              scale.backward(
                  chunk,
                  chunks.parts(),
                  x + from,
                  dn,
                  yGradient + from,
                  gradients.x + from,
                  work.scalePartials,
                  width);
              gradientRows.store(chunk, dqkv, 3 * inner(), work.qkvRows);
              gradientRows.store(chunk, normed, width, work.normedRows);
            });
    scale.reduce(chunks, work.scalePartials, gradients.scale, width);
    heads.reduce(work.headPartials, gradients.headScale);
    weightGradients(kept, dropout, yGradient, work, gradients);
  }

  /** Gradient of a chunk's attended rows, and operands for that of the output's weight. */
  private void projectBack(
      Chunk chunk,
      long outForm,
      TokenDropout dropout,
      Kept kept,
      long yGradient,
      Work work,
      Scratch scratch) {
    int rows = chunk.rows();
    long dy = yGradient + 4L * chunk.firstRow() * width;
    long left = Operand.left(bfloat16, dy, rows, width, scratch);
    long target = work.attended + 4L * chunk.firstRow() * inner();
    out.backward(outForm, rows, left, 0, inner(), target, inner());
    dropout.apply(chunk, target, inner(), scratch);
    long attended = attended(chunk, kept, dropout, scratch);
    if (dropout.equals(TokenDropout.NONE)) {
      gradientRows.store(chunk, attended, inner(), work.attendedRows);
    } else {
      gradientRows.storeCopy(chunk, attended, inner(), work.attendedRows);
    }
    gradientRows.store(chunk, dy, width, work.yRows);
  }

  private void weightGradients(
      Kept kept, TokenDropout dropout, long yGradient, Work work, Gradients gradients) {
    int in = inner();
    long attended =
        dropout.equals(TokenDropout.NONE)
            ? gradientRows.given(kept.attended, work.attendedRows)
            : work.attendedRows;
    long dy = gradientRows.given(yGradient, work.yRows);
    gradientRows.multiply(width, in, dy, attended, gradients.out);
    gradientRows.multiply(3 * in, width, work.qkvRows, work.normedRows, gradients.qkv);
  }
}
