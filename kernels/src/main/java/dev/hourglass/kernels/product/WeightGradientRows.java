package dev.hourglass.kernels.product;

import dev.hourglass.kernels.KernelActivity;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;

/**
 * The gradient of a weight of any size: the rows of all chunks are stored, and then multiplied.
 * They are stored in the number format of the weight's products, as float32 rows or as row pairs of
 * bfloat16.
 */
@KernelActivity(KernelActivity.Kind.MEMORY)
public final class WeightGradientRows implements WeightGradient {

  private final TokenChunks chunks;
  private final int out;
  private final int in;
  private final boolean bfloat16;
  private final long xOffset;
  private final long bytes;

  /**
   * The gradient for a batch.
   *
   * @param dyGiven whether float32 rows of dy lie in memory anyway, and need no room here
   * @param xGiven the same of x
   */
  public WeightGradientRows(TokenChunks chunks, Weight weight, boolean dyGiven, boolean xGiven) {
    this.chunks = chunks;
    this.out = weight.out();
    this.in = weight.in();
    this.bfloat16 = weight.bfloat16();
    Parts parts = new Parts(0);
    parts.bytes(dyGiven ? copyBytes(out) : rowBytes(out));
    this.xOffset = parts.bytes(xGiven ? copyBytes(in) : rowBytes(in));
    this.bytes = parts.size();
  }

  /** Bytes of all rows of that width. */
  private long rowBytes(int width) {
    return bfloat16 ? 2L * chunks.paddedRows() * width : 4L * chunks.rows() * width;
  }

  /** Bytes for rows that lie in memory anyway, as float32: none if they serve as they are. */
  private long copyBytes(int width) {
    return bfloat16 ? rowBytes(width) : 0;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public long dyRoom(long work, Chunk chunk, Scratch scratch) {
    return room(work, chunk, out, scratch);
  }

  @Override
  public long xRoom(long work, Chunk chunk, Scratch scratch) {
    return room(work + xOffset, chunk, in, scratch);
  }

  /** In place if they are to stay, or in scratch. */
  private long room(long base, Chunk chunk, int width, Scratch scratch) {
    return bfloat16
        ? scratch.floats((long) chunk.rows() * width)
        : base + 4L * chunk.firstRow() * width;
  }

  /** Float32 rows are in their place already. */
  @Override
  public void add(long work, Chunk chunk, long dy, long x, Scratch scratch) {
    if (bfloat16) {
      Operand.storePairs(chunks, chunk, dy, out, work);
      Operand.storePairs(chunks, chunk, x, in, work + xOffset);
    }
  }

  @Override
  public void finish(long work, long dy, long x, long target) {
    if (bfloat16) {
      WeightGradientProduct.bfloats(chunks.paddedRows(), out, in, work, work + xOffset, target);
    } else {
      long left = dy == 0 ? work : dy;
      long right = x == 0 ? work + xOffset : x;
      WeightGradientProduct.floats(chunks.rows(), out, in, left, right, target);
    }
  }
}
