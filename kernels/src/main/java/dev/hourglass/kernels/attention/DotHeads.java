package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.rotary.CosineRotary;
import dev.hourglass.kernels.rotary.CosineRotary.Slice;

/** Plain products over the root of d: queries are divided by it. */
record DotHeads(Shape shape) implements HeadForm {

  /** What rows of a side are multiplied by. */
  static float factor(Side side, int d) {
    return side == Side.QUERIES ? (float) (1 / Math.sqrt(d)) : 1;
  }

  /** The factor of a row. */
  @Override
  public int keptFloats() {
    return 1;
  }

  @Override
  public void forward(
      Slice slice, Side side, HeadScales scales, long x, long stride, long y, long kept) {
    CosineRotary.rotate(slice, factor(side, slice.d()), x, stride, y, kept);
  }

  @Override
  public long room(Parts parts) {
    return 0;
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
    CosineRotary.rotateBack(slice, y, kept, yGradient, xGradient, stride);
  }

  @Override
  public void reduce(long room, HeadScales gradients) {}
}
