package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.norm.RmsNorm;
import dev.hourglass.kernels.product.SegmentSums;
import dev.hourglass.kernels.rotary.CosineRotary;
import dev.hourglass.kernels.rotary.CosineRotary.Slice;

/**
 * Root mean square norm of queries and keys, each with a learned scale {@code [d]} of all heads;
 * queries over the root of d. Rows are kept as they were before the norm.
 */
record QkNormHeads(Shape shape) implements HeadForm {

  /** The factor of a row, and the row. */
  @Override
  public int keptFloats() {
    return 1 + shape.d();
  }

  private static long scale(Side side, HeadScales scales) {
    return side == Side.QUERIES ? scales.first() : scales.second();
  }

  @Override
  public void forward(
      Slice slice, Side side, HeadScales scales, long x, long stride, long y, long kept) {
    int n = slice.tokens();
    int d = slice.d();
    long rows = kept + 4L * n;
    HeadRows.copy(x, stride, rows, 4L * d, n, d);
    RmsNorm.forward(rows, scale(side, scales), y, n, d);
    CosineRotary.rotate(slice, DotHeads.factor(side, d), y, 4L * d, y, kept);
  }

  private SegmentSums sums() {
    return new SegmentSums(shape.chunks(), shape.d());
  }

  /** For the queries' scale, and for the keys'. */
  @Override
  public long room(Parts parts) {
    long first = sums().room(parts);
    sums().room(parts);
    return first;
  }

  private long room(long room, Side side) {
    Parts parts = new Parts(room);
    long first = sums().room(parts);
    return side == Side.QUERIES ? first : sums().room(parts);
  }

  @Override
  public void backward(
      Slice slice,
      Side side,
      HeadScales scales,
      Place place,
      long y,
      long kept,
      long yGradient,
      long xGradient,
      long stride) {
    int n = slice.tokens();
    int d = slice.d();
    long sum = sums().place(room(place.room(), side), place.chunk(), place.image());
    if (slice.head() == 0) {
      Memory.zero(sum, 4L * d);
    }
    long rows = place.rows();
    CosineRotary.rotateBack(slice, y, kept, yGradient, rows, 4L * d);
    RmsNorm.backward(kept + 4L * n, scale(side, scales), rows, 0, rows, sum, n, d);
    HeadRows.copy(rows, 4L * d, xGradient, stride, n, d);
  }

  @Override
  public void reduce(long room, HeadScales gradients) {
    sums().reduce(room(room, Side.QUERIES), false, gradients.first());
    sums().reduce(room(room, Side.KEYS), false, gradients.second());
  }
}
