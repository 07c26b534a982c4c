package dev.hourglass.kernels.attention.neighborhood;

import dev.hourglass.kernels.memory.Lanes;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.VectorMask;

/**
 * Channels of a token that a kernel holds in registers at once.
 *
 * @param offset bytes before them
 * @param vectors 4 or 2, or 1 that may be partly filled
 * @param mask the channels of the last
 */
record Channels(long offset, int vectors, VectorMask<Float> mask) {

  /** Divides {@code d} channels. */
  static Channels[] of(int d) {
    List<Channels> groups = new ArrayList<>();
    int from = 0;
    while (from < d) {
      int whole = (d - from) / Lanes.COUNT;
      int vectors = whole >= 4 ? 4 : whole >= 2 ? 2 : 1;
      VectorMask<Float> mask = Lanes.FLOATS.indexInRange(0, d - from);
      groups.add(new Channels(4L * from, vectors, mask));
      from += vectors * Lanes.COUNT;
    }
    return groups.toArray(Channels[]::new);
  }
}
