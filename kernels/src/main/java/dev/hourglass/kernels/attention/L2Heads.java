package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.attention.HeadForm.Shape;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.rotary.CosineRotary;
import dev.hourglass.kernels.rotary.CosineRotary.Slice;

/**
 * Distances: {@code scale (q . k - |k|^2 / 2) / sqrt(d)}, which to the softmax over the keys is
 * {@code -scale |q - k|^2 / (2 sqrt(d))}. What depends on the key alone is one more channel of it,
 * where queries have a 1; in two parts, so that products in bfloat16 lose nothing of it.
 */
record L2Heads(Shape shape) implements HeadForm {

  /** Channels that planes have besides those of a head: two in use, rounded up to 8 floats. */
  private static final int MORE = 8;

  private static final int BFLOAT16_MASK = 0xffff0000;

  static int planeWidth(int d) {
    return d + MORE;
  }

  @Override
  public int planeWidth() {
    return planeWidth(shape.d());
  }

  /** The factor of a row's rotation, and the rotated row. */
  @Override
  public int keptFloats() {
    return 1 + shape.d();
  }

  private double overRoot() {
    return 1 / Math.sqrt(shape.d());
  }

  private float factor(Slice slice, HeadScales scales) {
    return (float) (Memory.getFloat(scales.first() + 4L * slice.head()) * overRoot());
  }

  @Override
  public void forward(
      Slice slice, Side side, HeadScales scales, long x, long stride, long y, long kept) {
    long rotated = kept + 4L * slice.tokens();
    CosineRotary.rotate(slice, 1, x, stride, rotated, kept);
    float factor = factor(slice, scales);
    for (int i = 0; i < slice.tokens(); i++) {
      long row = rotated + 4L * i * slice.d();
      long target = y + 4L * i * planeWidth();
      long more = target + 4L * slice.d();
      Memory.zero(more, 4L * MORE);
      if (side == Side.QUERIES) {
        multiply(row, factor, target);
        Memory.setFloat(more, 1);
        Memory.setFloat(more + 4, 1);
      } else {
        Memory.copy(row, target, 4L * slice.d());
        float bias = (float) (-0.5 * factor * squaredNorm(row));
        float high = Float.intBitsToFloat(Float.floatToRawIntBits(bias) & BFLOAT16_MASK);
        Memory.setFloat(more, high);
        Memory.setFloat(more + 4, bias - high);
      }
    }
  }

  private void multiply(long row, float factor, long target) {
    for (int c = 0; c < shape.d(); c++) {
      Memory.setFloat(target + 4L * c, factor * Memory.getFloat(row + 4L * c));
    }
  }

  private double squaredNorm(long row) {
    return dot(row, row);
  }

  private double dot(long a, long b) {
    double sum = 0;
    for (int c = 0; c < shape.d(); c++) {
      sum += (double) Memory.getFloat(a + 4L * c) * Memory.getFloat(b + 4L * c);
    }
    return sum;
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
    long rotated = kept + 4L * slice.tokens();
    float factor = factor(slice, scales);
    double sum = 0;
    for (int i = 0; i < slice.tokens(); i++) {
      long row = rotated + 4L * i * slice.d();
      long gradient = yGradient + 4L * i * planeWidth();
      long target = place.rows() + 4L * i * slice.d();
      if (side == Side.QUERIES) {
        sum += dot(row, gradient);
        multiply(gradient, factor, target);
      } else {
        float ofBias = Memory.getFloat(gradient + 4L * slice.d());
        sum -= 0.5 * squaredNorm(row) * ofBias;
        subtract(gradient, factor * ofBias, row, target);
      }
    }
    new HeadSums(shape).add(place, slice.head(), side, sum * overRoot());
    CosineRotary.rotateBack(slice, rotated, kept, place.rows(), xGradient, stride);
  }

  /** {@code a - factor * b}. */
  private void subtract(long a, float factor, long b, long target) {
    for (int c = 0; c < shape.d(); c++) {
      float difference = Memory.getFloat(a + 4L * c) - factor * Memory.getFloat(b + 4L * c);
      Memory.setFloat(target + 4L * c, difference);
    }
  }

  @Override
  public void reduce(long room, HeadScales gradients) {
    new HeadSums(shape).reduce(room, gradients.first());
  }
}
