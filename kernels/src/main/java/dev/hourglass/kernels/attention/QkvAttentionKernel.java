package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.rotary.RotaryTables;

/**
 * Attention alone: token rows of q, k and v to the rows they attend to, with a similarity and
 * rotary positions (docs/model.md, 3.1 to 3.3). The attention block has the same inside.
 */
public final class QkvAttentionKernel {

  private final TokenChunks chunks;
  private final HeadRows heads;
  private final AttentionKernel attention;

  /** Attention for a batch; {@code attention} is for the same images, heads, tokens and d. */
  public QkvAttentionKernel(
      int images, int tokens, int headCount, int d, LogitForm form, AttentionKernel attention) {
    this.chunks = new TokenChunks(images, tokens, 3 * headCount * d);
    this.heads = new HeadRows(chunks, headCount, d, form);
    this.attention = attention;
  }

  /** What forward leaves: the planes, what attention keeps and, where it is padded, wrote. */
  private record Kept(HeadRows.Planes planes, long rest, long padded, long size) {}

  private Kept kept(long base) {
    Parts parts = new Parts(base);
    return new Kept(
        heads.planes(parts), parts.bytes(attention.keptBytes()), padded(parts), parts.size());
  }

  private long padded(Parts parts) {
    return heads.isPadded() ? parts.floats(heads.attendedFloats()) : 0;
  }

  /** Bytes that {@link #forward} fills, and {@link #backward} wants back. */
  public long keptBytes() {
    return kept(0).size;
  }

  /**
   * Attends.
   *
   * @param qkv {@code [images, tokens, 3, heads, d]}
   * @param out {@code [images, tokens, heads, d]}
   */
  public void forward(long qkv, HeadScales scales, RotaryTables rotary, long out, long keptMemory) {
    Kept kept = kept(keptMemory);
    HeadRows.Planes planes = kept.planes;
    chunks.each(
        (chunk, scratch) -> {
          long rows = qkv + 12L * chunk.firstRow() * heads.width();
          heads.toHeads(chunk, rows, scales, rotary, planes);
        });
    long attended = heads.isPadded() ? kept.padded : out;
    attention.forward(planes.q(), planes.k(), planes.v(), attended, kept.rest);
    if (heads.isPadded()) {
      chunks.each((chunk, _) -> heads.attended(chunk, kept.padded, rows(out, chunk)));
    }
  }

  private long rows(long out, Chunk chunk) {
    return out + 4L * chunk.firstRow() * heads.width();
  }

  private record Work(HeadRows.Planes planes, long partials, long padded, long size) {}

  private Work work(long base) {
    Parts parts = new Parts(base);
    return new Work(
        heads.gradientPlanes(parts), heads.partials(parts), padded(parts), parts.size());
  }

  /** Bytes of working memory for {@link #backward}. */
  public long workBytes() {
    return work(0).size;
  }

  /**
   * Computes the gradients, which overwrite their targets.
   *
   * @param out what forward computed
   * @param outGradient like out
   */
  public void backward(
      HeadScales scales,
      RotaryTables rotary,
      long keptMemory,
      long out,
      long outGradient,
      long workMemory,
      long qkvGradient,
      HeadScales scaleGradients) {
    Kept kept = kept(keptMemory);
    Work work = work(workMemory);
    HeadRows.Planes planes = kept.planes;
    HeadRows.Planes gradients = work.planes;
    if (heads.isPadded()) {
      chunks.each((chunk, _) -> heads.pad(chunk, rows(outGradient, chunk), work.padded));
    }
    attention.backward(
        planes.q(),
        planes.k(),
        planes.v(),
        heads.isPadded() ? kept.padded : out,
        kept.rest,
        heads.isPadded() ? work.padded : outGradient,
        new AttentionKernel.Gradients(gradients.q(), gradients.k(), gradients.v()));
    chunks.each(
        (chunk, scratch) -> {
          long rows = qkvGradient + 12L * chunk.firstRow() * heads.width();
          heads.gradients(chunk, scales, rotary, planes, gradients, rows, work.partials, scratch);
        });
    heads.reduce(work.partials, scaleGradients);
  }
}
