package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.rotary.CosineRotary;
import dev.hourglass.kernels.rotary.CosineRotary.Slice;

/** Scaled cosines: {@code sqrt(scale) x / |x|}, with one learned scale a head. */
record CosineHeads(Shape shape) implements HeadForm {

  /** The factor of a row. */
  @Override
  public int keptFloats() {
    return 1;
  }

  @Override
  public void forward(
      Slice slice, Side side, HeadScales scales, long x, long stride, long y, long kept) {
    float root = (float) Math.sqrt(Memory.getFloat(scales.first() + 4L * slice.head()));
    CosineRotary.forward(slice, root, x, stride, y, kept);
  }

  @Override
  public long room(Parts parts) {
    return new HeadSums(shape).room(parts);
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
    float scale = Memory.getFloat(scales.first() + 4L * slice.head());
    double sum = CosineRotary.backward(slice, scale, y, kept, yGradient, xGradient, stride);
    new HeadSums(shape).add(place, slice.head(), side, sum);
  }

  @Override
  public void reduce(long room, HeadScales gradients) {
    new HeadSums(shape).reduce(room, gradients.first());
  }
}
