package dev.hourglass.kernels.block;

import dev.hourglass.kernels.attention.AttentionKernel;
import dev.hourglass.kernels.attention.HeadRows;
import dev.hourglass.kernels.attention.HeadScales;
import dev.hourglass.kernels.attention.LogitForm;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.product.WeightGradientRows;
import dev.hourglass.kernels.rotary.RotaryTables;

/**
 * The attention block, {@code y = x + dropout(attention(norm(x) Qkv^T)) Out^T} (docs/model.md,
 * 4.2), with the biases and the gate of {@link BlockParameters}, fused over chunks of token rows on
 * both sides of the attention itself. q and k are scaled and rotated while they are in the cache.
 *
 * <p>Keeps q, k (scaled and rotated), v and what they attended to for the backward pass.
 */
public final class AttentionBlockKernel {

  private final TokenChunks chunks;
  private final NormedProduct qkv;
  private final ResidualProduct out;
  private final HeadRows heads;
  private final AttentionKernel attention;

  /**
   * The block for a batch.
   *
   * @param qkv {@code [3 * heads * d, width]}: q, k, v; then head; then channel
   * @param out {@code [width, heads * d]}, in the same number format
   * @param form of the logits
   * @param attention for the same images, heads, tokens and d
   * @param gated whether the residual has a gate
   */
  public AttentionBlockKernel(
      int images,
      int tokens,
      int headCount,
      Weight qkv,
      Weight out,
      LogitForm form,
      AttentionKernel attention,
      boolean gated) {
    this.chunks = new TokenChunks(images, tokens, 4 * qkv.in());
    this.qkv = new NormedProduct(chunks, qkv, new WeightGradientRows(chunks, qkv, false, false));
    this.out =
        new ResidualProduct(chunks, out, new WeightGradientRows(chunks, out, !gated, false), gated);
    this.heads = new HeadRows(chunks, headCount, qkv.out() / (3 * headCount), form);
    this.attention = attention;
  }

  private int inner() {
    return heads.width();
  }

  /**
   * What forward leaves: q, k and v by heads, the rows they attended to, and the attention's own.
   */
  private record Kept(HeadRows.Planes planes, long attended, long rest, long residual, long size) {}

  private Kept kept(long base) {
    Parts parts = new Parts(base);
    return new Kept(
        heads.planes(parts),
        parts.floats(heads.attendedFloats()),
        parts.bytes(attention.keptBytes()),
        parts.bytes(out.keptBytes()),
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
   * @param scales of the logits' form
   * @param y like x; may not be x
   * @param keptMemory {@link #keptBytes} bytes, needed also if no backward pass follows
   */
  public void forward(
      long x,
      BlockParameters parameters,
      HeadScales scales,
      RotaryTables rotary,
      TokenDropout dropout,
      long y,
      long keptMemory) {
    Kept kept = kept(keptMemory);
    NormedProduct.Forward before = qkv.forward(x, parameters);
    ResidualProduct.Forward after = out.forward(x, parameters, y, kept.residual);
    chunks.each(
        (chunk, scratch) -> {
          long operand = before.operand(chunk, scratch);
          long projected = scratch.floats(3L * chunk.rows() * inner());
          before.multiply(chunk, operand, 0, 3 * inner(), projected, 3 * inner());
          heads.toHeads(chunk, projected, scales, rotary, kept.planes);
        });
    attention.forward(kept.planes.q(), kept.planes.k(), kept.planes.v(), kept.attended, kept.rest);
    chunks.each(
        (chunk, scratch) -> {
          boolean drops = !dropout.equals(TokenDropout.NONE);
          long room = drops || heads.isPadded() ? room(chunk, scratch) : 0;
          long attended = heads.attended(chunk, kept.attended, room);
          if (drops) {
            attended = dropped(chunk, attended, dropout, room, scratch);
          }
          after.write(chunk, attended, scratch);
        });
  }

  /** A chunk's part of the gradient of attended rows. */
  private long rows(long base, Chunk chunk) {
    return base + 4L * chunk.firstRow() * inner();
  }

  private long room(Chunk chunk, Scratch scratch) {
    return scratch.floats((long) chunk.rows() * inner());
  }

  /** Dropout of attended rows, which are kept as they are. */
  private long dropped(
      Chunk chunk, long attended, TokenDropout dropout, long target, Scratch scratch) {
    if (attended != target) {
      Memory.copy(attended, target, 4L * chunk.rows() * inner());
    }
    dropout.apply(chunk, target, inner(), scratch);
    return target;
  }

  /** Working memory of the backward pass: gradients by heads and of attended rows; then sums. */
  private record Work(
      HeadRows.Planes planes,
      long attended,
      NormedProduct.Work qkv,
      ResidualProduct.Work out,
      long headPartials,
      long size) {}

  private Work work(long base) {
    Parts parts = new Parts(base);
    return new Work(
        heads.gradientPlanes(parts),
        parts.floats(heads.attendedFloats()),
        qkv.work(parts),
        out.work(parts),
        heads.partials(parts),
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
   * @param scaleGradients like the scales, overwritten
   */
  public void backward(
      long x,
      BlockParameters parameters,
      HeadScales scales,
      RotaryTables rotary,
      TokenDropout dropout,
      long keptMemory,
      long yGradient,
      long workMemory,
      BlockGradients gradients,
      HeadScales scaleGradients) {
    Kept kept = kept(keptMemory);
    Work work = work(workMemory);
    NormedProduct.Backward before =
        qkv.backward(x, parameters.norm(), yGradient, work.qkv, gradients);
    ResidualProduct.Backward after =
        out.backward(parameters.gate(), kept.residual, yGradient, work.out, gradients);
    boolean drops = !dropout.equals(TokenDropout.NONE);
    chunks.each(
        (chunk, scratch) -> {
          long attendedGradient =
              heads.isPadded() ? room(chunk, scratch) : rows(work.attended, chunk);
          long given = after.rows(chunk, scratch);
          after.multiply(chunk, given, attendedGradient, scratch);
          dropout.apply(chunk, attendedGradient, inner(), scratch);
          if (heads.isPadded()) {
            heads.pad(chunk, attendedGradient, work.attended);
          }
          long room = drops || heads.isPadded() ? after.room(chunk, scratch) : 0;
          long attended = heads.attended(chunk, kept.attended, room);
          if (drops) {
            attended = dropped(chunk, attended, dropout, room, scratch);
          }
          after.add(chunk, given, attended, scratch);
        });
    attention.backward(
        kept.planes.q(),
        kept.planes.k(),
        kept.planes.v(),
        kept.attended,
        kept.rest,
        work.attended,
        new AttentionKernel.Gradients(work.planes.q(), work.planes.k(), work.planes.v()));
    chunks.each(
        (chunk, scratch) -> {
          long product = before.room(chunk, scratch);
          heads.gradients(
              chunk, scales, rotary, kept.planes, work.planes, product, work.headPartials, scratch);
          before.add(chunk, product, scratch);
        });
    heads.reduce(work.headPartials, scaleGradients);
    before.finish();
    after.finish(drops || heads.isPadded() ? 0 : kept.attended);
  }
}
