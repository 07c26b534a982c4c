package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.attention.HeadForm.Place;
import dev.hourglass.kernels.attention.HeadForm.Shape;
import dev.hourglass.kernels.attention.HeadForm.Side;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;

/**
 * The chunks' shares of the gradient of one number a head: doubles, {@code [images, parts, heads]}.
 */
record HeadSums(Shape shape) {

  private int segments() {
    return shape.chunks().images() * shape.chunks().parts();
  }

  long room(Parts parts) {
    return parts.bytes((long) segments() * shape.heads() * Double.BYTES);
  }

  /** The share of a chunk's image; that of the queries comes first. */
  void add(Place place, int head, Side side, double share) {
    int image = place.chunk().firstImage() + place.image();
    long segment = (long) image * shape.chunks().parts() + place.chunk().part();
    long target = place.room() + 8 * (segment * shape.heads() + head);
    Memory.setDouble(target, side == Side.QUERIES ? share : Memory.getDouble(target) + share);
  }

  /** Sums in order, to {@code [heads]} of float32. */
  void reduce(long room, long gradients) {
    for (int head = 0; head < shape.heads(); head++) {
      double sum = 0;
      for (int segment = 0; segment < segments(); segment++) {
        sum += Memory.getDouble(room + 8L * ((long) segment * shape.heads() + head));
      }
      Memory.setFloat(gradients + 4L * head, (float) sum);
    }
  }
}
