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

  /** Doubles, {@code [images, parts, heads]}. */
  @Override
  public long room(Parts parts) {
    long segments = (long) shape.chunks().images() * shape.chunks().parts();
    return parts.bytes(segments * shape.heads() * Double.BYTES);
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
    int image = place.chunk().firstImage() + place.image();
    long segment = (long) image * shape.chunks().parts() + place.chunk().part();
    long target = place.room() + 8 * (segment * shape.heads() + slice.head());
    Memory.setDouble(target, side == Side.QUERIES ? sum : Memory.getDouble(target) + sum);
  }

  @Override
  public void reduce(long room, HeadScales gradients) {
    int segments = shape.chunks().images() * shape.chunks().parts();
    for (int head = 0; head < shape.heads(); head++) {
      double sum = 0;
      for (int segment = 0; segment < segments; segment++) {
        sum += Memory.getDouble(room + 8L * ((long) segment * shape.heads() + head));
      }
      Memory.setFloat(gradients.first() + 4L * head, (float) sum);
    }
  }
}
