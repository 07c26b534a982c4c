package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.Memory;
import java.lang.foreign.Arena;

/**
 * The activation of a feed-forward block, on one thread: {@code y = a f(g)} with the halves a and g
 * of its input, or {@code y = f(g)} of all of it. The second is the first with a = 1.
 *
 * @param gated whether the input has two halves, values and then gates
 */
public record Activation(Curve curve, boolean gated) {

  /** Numbers of {@link #ONES}, which stay in the L1 cache. */
  private static final int PIECE = 1024;

  private static final long ONES = ones();

  private static long ones() {
    long address = Arena.global().allocate(4L * PIECE, 64).address();
    for (int i = 0; i < PIECE; i++) {
      Memory.setFloat(address + 4L * i, 1);
    }
    return address;
  }

  /** Numbers of input for each number of the result. */
  public int branches() {
    return gated ? 2 : 1;
  }

  /**
   * Activates rows.
   *
   * @param u {@code [tokens, width]}, values or all; rows {@code stride} bytes apart
   * @param half bytes from values to gates; without effect if there are no gates
   * @param y {@code [tokens, width]}, rows {@code yStride} bytes apart; may be u
   */
  public void forward(long u, long half, long stride, long y, long yStride, int tokens, int width) {
    for (int t = 0; t < tokens; t++) {
      long in = u + t * stride;
      long out = y + t * yStride;
      if (gated) {
        curve.forward(in, in + half, out, width);
      } else {
        for (int i = 0; i < width; i += PIECE) {
          curve.forward(ONES, in + 4L * i, out + 4L * i, Math.min(PIECE, width - i));
        }
      }
    }
  }

  /**
   * The gradient of u; y too, which the gradient of the next weight needs.
   *
   * @param u as for {@link #forward}
   * @param yGradient {@code [tokens, width]}, rows {@code yStride} bytes apart
   * @param uGradient like u, with the same half and stride; may be u
   * @param y like yGradient; may be yGradient
   */
  public void backward(
      long u,
      long half,
      long stride,
      long yGradient,
      long yStride,
      long uGradient,
      long y,
      int tokens,
      int width) {
    for (int t = 0; t < tokens; t++) {
      long in = u + t * stride;
      long given = yGradient + t * yStride;
      long to = uGradient + t * stride;
      long out = y + t * yStride;
      if (gated) {
        curve.backward(in, in + half, given, to, to + half, out, width);
      } else {
        for (int i = 0; i < width; i += PIECE) {
          long at = 4L * i;
          int n = Math.min(PIECE, width - i);
          curve.backward(ONES, in + at, given + at, out + at, to + at, out + at, n);
        }
      }
    }
  }
}
