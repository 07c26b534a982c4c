package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.rotary.CosineRotary;
import dev.hourglass.kernels.rotary.RotaryTables;

/**
 * Between token rows {@code [rows, 3, heads, d]}, as the projection makes them, and planes {@code
 * [images, heads, tokens, d]}, as attention reads them. On the way q and k become scaled cosines
 * with rotary positions (docs/model.md, 3.2 and 3.3).
 *
 * @param count heads
 */
public record HeadRows(TokenChunks chunks, int count, int d) {

  /**
   * q, k and v, and for each q and k the factor that scaled it, {@code [images, heads, tokens]}.
   */
  public record Planes(long q, long k, long v, long qFactors, long kFactors) {}

  /** Room for the planes of a batch. */
  public Planes planes(Parts parts) {
    long plane = (long) chunks.rows() * width();
    long factors = (long) chunks.rows() * count;
    return new Planes(
        parts.floats(plane),
        parts.floats(plane),
        parts.floats(plane),
        parts.floats(factors),
        parts.floats(factors));
  }

  /** Room for the chunks' shares of the gradient of the heads' scale. */
  public long partials(Parts parts) {
    return parts.bytes((long) chunks.images() * chunks.parts() * count * Double.BYTES);
  }

  /** Numbers of all heads together. */
  public int width() {
    return count * d;
  }

  /** Bytes from one token's row to the next. */
  private long stride() {
    return 12L * width();
  }

  /** Where a segment begins in planes of {@code [images, heads, tokens]}. */
  private long place(Chunk chunk, int image, int head) {
    return ((long) image * count + head) * chunks.tokens() + chunk.firstToken();
  }

  /**
   * A chunk's token rows to planes.
   *
   * @param headScale {@code [heads]}
   */
  public void toHeads(Chunk chunk, long rows, long headScale, RotaryTables rotary, Planes planes) {
    int n = chunk.rowsEach();
    for (int i = 0; i < chunk.imageCount(); i++) {
      for (int head = 0; head < count; head++) {
        long row = rows + (long) i * n * stride() + 4L * head * d;
        long place = place(chunk, chunk.firstImage() + i, head);
        long at = 4 * place * d;
        float root = (float) Math.sqrt(Memory.getFloat(headScale + 4L * head));
        CosineRotary.Slice slice = new CosineRotary.Slice(rotary, head, chunk.firstToken(), n, d);
        long k = row + 4L * width();
        CosineRotary.forward(
            slice, root, row, stride(), planes.q + at, planes.qFactors + 4 * place);
        CosineRotary.forward(slice, root, k, stride(), planes.k + at, planes.kFactors + 4 * place);
        copyRows(row + 8L * width(), stride(), planes.v + at, 4L * d, n);
      }
    }
  }

  private void copyRows(long source, long sourceStride, long target, long targetStride, int rows) {
    for (int i = 0; i < rows; i++) {
      Memory.copy(source + i * sourceStride, target + i * targetStride, 4L * d);
    }
  }

  /**
   * Gradients of planes to gradients of a chunk's token rows.
   *
   * @param partials {@code [images, parts, heads]} doubles of {@link #partials}: receives the
   *     chunk's share of the gradient of {@code headScale}
   */
  public void gradients(
      Chunk chunk,
      long headScale,
      RotaryTables rotary,
      Planes planes,
      Planes gradients,
      long rows,
      long partials) {
    int n = chunk.rowsEach();
    for (int i = 0; i < chunk.imageCount(); i++) {
      int image = chunk.firstImage() + i;
      for (int head = 0; head < count; head++) {
        long row = rows + (long) i * n * stride() + 4L * head * d;
        long place = place(chunk, image, head);
        long at = 4 * place * d;
        float scale = Memory.getFloat(headScale + 4L * head);
        CosineRotary.Slice slice = new CosineRotary.Slice(rotary, head, chunk.firstToken(), n, d);
        double q =
            CosineRotary.backward(
                slice,
                scale,
                planes.q + at,
                planes.qFactors + 4 * place,
                gradients.q + at,
                row,
                stride());
        double k =
            CosineRotary.backward(
                slice,
                scale,
                planes.k + at,
                planes.kFactors + 4 * place,
                gradients.k + at,
                row + 4L * width(),
                stride());
        copyRows(gradients.v + at, 4L * d, row + 8L * width(), stride(), n);
        long segment = (long) image * chunks.parts() + chunk.part();
        Memory.setDouble(partials + 8 * (segment * count + head), q + k);
      }
    }
  }

  /** Sums the chunks' shares, in order, to the gradient of {@code headScale}. */
  public void reduce(long partials, long target) {
    int segments = chunks.images() * chunks.parts();
    for (int head = 0; head < count; head++) {
      double sum = 0;
      for (int segment = 0; segment < segments; segment++) {
        sum += Memory.getDouble(partials + 8L * ((long) segment * count + head));
      }
      Memory.setFloat(target + 4L * head, (float) sum);
    }
  }
}
