package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.attention.HeadForm.Place;
import dev.hourglass.kernels.attention.HeadForm.Side;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.rotary.CosineRotary.Slice;
import dev.hourglass.kernels.rotary.RotaryTables;

/**
 * Between token rows {@code [rows, 3, heads, d]}, as the projection makes them, and planes {@code
 * [images, heads, tokens, d]}, as attention reads them. On the way q and k are scaled for their
 * logits and take up rotary positions (docs/model.md, 3.2 and 3.3).
 */
public final class HeadRows {

  private final TokenChunks chunks;
  private final int count;
  private final int d;
  private final HeadForm form;

  /** For so many heads. */
  public HeadRows(TokenChunks chunks, int count, int d, LogitForm form) {
    this.chunks = chunks;
    this.count = count;
    this.d = d;
    this.form = form.of(new HeadForm.Shape(chunks, count, d));
  }

  /** q, k and v, and what is kept of q and k for the way back; 0 where that is not needed. */
  public record Planes(long q, long k, long v, long qKept, long kKept) {}

  /** Room for the planes of a batch. */
  public Planes planes(Parts parts) {
    Planes planes = gradientPlanes(parts);
    return planes(planes.q, planes.k, planes.v, parts);
  }

  /** Planes that are there already, with room for what is kept besides. */
  Planes planes(long q, long k, long v, Parts parts) {
    long kept = (long) chunks.rows() * count * form.keptFloats();
    return new Planes(q, k, v, parts.floats(kept), parts.floats(kept));
  }

  /** Room for their gradients. */
  public Planes gradientPlanes(Parts parts) {
    long plane = attendedFloats();
    return new Planes(parts.floats(plane), parts.floats(plane), parts.floats(plane), 0, 0);
  }

  /** Room for the chunks' shares of the gradients of the heads' scales. */
  public long partials(Parts parts) {
    return form.room(parts);
  }

  /** Numbers of all heads together. */
  public int width() {
    return count * d;
  }

  /** Whether attention sees more channels than there are. */
  public boolean isPadded() {
    return form.planeWidth() != d;
  }

  /** Floats of what all tokens attended to, as attention writes it. */
  public long attendedFloats() {
    return (long) chunks.rows() * count * form.planeWidth();
  }

  /**
   * The rows that a chunk attended to, {@code [rows, heads * d]}.
   *
   * @param attended as attention wrote it
   * @param target room for the rows, where they are padded
   */
  public long attended(Chunk chunk, long attended, long target) {
    long source = paddedRows(chunk, attended);
    if (!isPadded()) {
      return source;
    }
    int heads = chunk.rows() * count;
    copy(source, 4L * form.planeWidth(), target, 4L * d, heads, d);
    return target;
  }

  /** The gradient of what a chunk attended to as attention reads it; only where it is padded. */
  public void pad(Chunk chunk, long rows, long attendedGradient) {
    long target = paddedRows(chunk, attendedGradient);
    int heads = chunk.rows() * count;
    Memory.zero(target, 4L * heads * form.planeWidth());
    copy(rows, 4L * d, target, 4L * form.planeWidth(), heads, d);
  }

  private long paddedRows(Chunk chunk, long attended) {
    return attended + 4L * chunk.firstRow() * count * form.planeWidth();
  }

  /** Bytes from one token's row to the next. */
  private long stride() {
    return 12L * width();
  }

  /** Where a segment begins in planes of {@code [images, heads, tokens]}. */
  private long place(Chunk chunk, int image, int head) {
    return ((long) image * count + head) * chunks.tokens() + chunk.firstToken();
  }

  /** A chunk's token rows to planes. */
  public void toHeads(
      Chunk chunk, long rows, HeadScales scales, RotaryTables rotary, Planes planes) {
    int n = chunk.rowsEach();
    int plane = form.planeWidth();
    for (int i = 0; i < chunk.imageCount(); i++) {
      for (int head = 0; head < count; head++) {
        long q = rows + (long) i * n * stride() + 4L * head * d;
        long k = q + 4L * width();
        long place = place(chunk, chunk.firstImage() + i, head);
        long at = 4 * place * plane;
        long kept = 4 * place * form.keptFloats();
        Slice slice = new Slice(rotary, head, chunk.firstToken(), n, d);
        form.forward(slice, Side.QUERIES, scales, q, stride(), planes.q + at, planes.qKept + kept);
        form.forward(slice, Side.KEYS, scales, k, stride(), planes.k + at, planes.kKept + kept);
        if (plane != d) {
          Memory.zero(planes.v + at, 4L * n * plane);
        }
        copy(k + 4L * width(), stride(), planes.v + at, 4L * plane, n, d);
      }
    }
  }

  /** Copies rows of {@code width} floats; strides are in bytes. */
  static void copy(
      long source, long sourceStride, long target, long targetStride, int rows, int width) {
    for (int i = 0; i < rows; i++) {
      Memory.copy(source + i * sourceStride, target + i * targetStride, 4L * width);
    }
  }

  /**
   * Gradients of planes to gradients of a chunk's token rows.
   *
   * @param planes what {@link #toHeads} made
   * @param partials room of {@link #partials}: receives the chunk's share of the gradients of the
   *     scales
   */
  public void gradients(
      Chunk chunk,
      HeadScales scales,
      RotaryTables rotary,
      Planes planes,
      Planes gradients,
      long rows,
      long partials,
      Scratch scratch) {
    int n = chunk.rowsEach();
    int plane = form.planeWidth();
    long room = scratch.floats((long) n * d);
    for (int i = 0; i < chunk.imageCount(); i++) {
      Place where = new Place(chunk, i, partials, room);
      for (int head = 0; head < count; head++) {
        long dq = rows + (long) i * n * stride() + 4L * head * d;
        long dk = dq + 4L * width();
        long place = place(chunk, chunk.firstImage() + i, head);
        long at = 4 * place * plane;
        long kept = 4 * place * form.keptFloats();
        Slice slice = new Slice(rotary, head, chunk.firstToken(), n, d);
        form.backward(
            slice,
            Side.QUERIES,
            scales,
            where,
            planes.q + at,
            planes.qKept + kept,
            gradients.q + at,
            dq,
            stride());
        form.backward(
            slice,
            Side.KEYS,
            scales,
            where,
            planes.k + at,
            planes.kKept + kept,
            gradients.k + at,
            dk,
            stride());
        copy(gradients.v + at, 4L * plane, dk + 4L * width(), stride(), n, d);
      }
    }
  }

  /** Sums the chunks' shares, in order, to the gradients of the scales. */
  public void reduce(long partials, HeadScales gradients) {
    form.reduce(partials, gradients);
  }
}
