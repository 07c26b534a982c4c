package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.rotary.RotaryTables;

/**
 * Token rows {@code [images, tokens, 3, heads, d]} to planes of queries, keys and values, {@code
 * [images, heads, tokens, d]} each, scaled for their logits and rotated: what comes before an
 * attention that is put together of others.
 */
public final class HeadPlanesKernel {

  private final TokenChunks chunks;
  private final HeadRows heads;

  public HeadPlanesKernel(int images, int tokens, int headCount, int d, LogitForm form) {
    this.chunks = new TokenChunks(images, tokens, 3 * headCount * d);
    this.heads = new HeadRows(chunks, headCount, d, form);
  }

  /** Where planes of queries, keys and values are, or their gradients. */
  public record Planes(long q, long k, long v) {}

  /** Bytes that {@link #forward} fills, and {@link #backward} wants back. */
  public long keptBytes() {
    Parts parts = new Parts(0);
    heads.planes(0, 0, 0, parts);
    return parts.size();
  }

  private HeadRows.Planes planes(Planes planes, long kept) {
    return heads.planes(planes.q, planes.k, planes.v, new Parts(kept));
  }

  /** Fills the planes. */
  public void forward(long qkv, HeadScales scales, RotaryTables rotary, Planes planes, long kept) {
    HeadRows.Planes all = planes(planes, kept);
    chunks.each(
        (chunk, scratch) -> {
          long rows = qkv + 12L * chunk.firstRow() * heads.width();
          heads.toHeads(chunk, rows, scales, rotary, all);
        });
  }

  /** Bytes of working memory for {@link #backward}. */
  public long workBytes() {
    Parts parts = new Parts(0);
    heads.partials(parts);
    return parts.size();
  }

  /**
   * Computes the gradients, which overwrite their targets.
   *
   * @param planes what forward made; likewise kept
   */
  public void backward(
      HeadScales scales,
      RotaryTables rotary,
      Planes planes,
      long kept,
      Planes gradients,
      long work,
      long qkvGradient,
      HeadScales scaleGradients) {
    HeadRows.Planes all = planes(planes, kept);
    HeadRows.Planes given = new HeadRows.Planes(gradients.q, gradients.k, gradients.v, 0, 0);
    long partials = heads.partials(new Parts(work));
    chunks.each(
        (chunk, scratch) -> {
          long rows = qkvGradient + 12L * chunk.firstRow() * heads.width();
          heads.gradients(chunk, scales, rotary, all, given, rows, partials, scratch);
        });
    heads.reduce(partials, scaleGradients);
  }
}
