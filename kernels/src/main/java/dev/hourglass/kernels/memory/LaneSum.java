package dev.hourglass.kernels.memory;

import dev.hourglass.kernels.KernelActivity;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * The sum of a vector's lanes, in an order that is always the same: halves first, then quarters.
 *
 * <p>The Vector API leaves the order of its own sum over lanes open, and compiled code adds in
 * another order than interpreted code does. A run would then not repeat itself bit for bit.
 */
@KernelActivity(KernelActivity.Kind.ELEMENTWISE)
public final class LaneSum {

  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private LaneSum() {}

  private static VectorShuffle<Float> rotation(int lanes) {
    return VectorShuffle.iota(Lanes.FLOATS, lanes, 1, true);
  }

  /** The sum of all lanes. */
  public static float of(FloatVector v) {
    FloatVector w = v;
    if (Lanes.COUNT > 8) {
      w = w.add(w.rearrange(BY_8));
    }
    if (Lanes.COUNT > 4) {
      w = w.add(w.rearrange(BY_4));
    }
    w = w.add(w.rearrange(BY_2));
    return w.add(w.rearrange(BY_1)).lane(0);
  }
}
