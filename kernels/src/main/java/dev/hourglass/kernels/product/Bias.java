package dev.hourglass.kernels.product;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;

/** What a linear layer adds to each row of its product: the product is then added to it. */
public final class Bias {

  private final SegmentSums sums;

  /** Of a product with {@code width} columns. */
  public Bias(TokenChunks chunks, int width) {
    this.sums = new SegmentSums(chunks, width);
  }

  /**
   * Puts columns {@code [from, from + columns)} of the bias where a product is to be added.
   *
   * @param bias {@code [width]}, or 0 for none
   * @param y {@code [rows, columns]} of rows of {@code ldy} floats
   * @return whether there is a bias, so that the product has to be added to y
   */
  public static boolean put(long bias, int from, int columns, int rows, long y, int ldy) {
    if (bias == 0) {
      return false;
    }
    for (int i = 0; i < rows; i++) {
      Memory.copy(bias + 4L * from, y + 4L * i * ldy, 4L * columns);
    }
    return true;
  }

  /** Adds a bias, {@code [columns]} or 0 for none, to dense rows. */
  public static void add(long bias, int rows, int columns, long y) {
    for (int i = 0; bias != 0 && i < rows; i++) {
      Sums.add(y + 4L * i * columns, bias, columns);
    }
  }

  /** Room for the gradient's sums over segments. */
  public long room(Parts parts) {
    return sums.room(parts);
  }

  /**
   * A chunk's part of the gradient.
   *
   * @param target of the gradient; 0 if there is no bias
   * @param dy {@code [rows, width]}
   */
  public void add(long target, long room, Chunk chunk, long dy) {
    if (target != 0) {
      sums.set(room, chunk, dy);
    }
  }

  /** The gradient, {@code [width]}, to {@code target}; nothing if that is 0. */
  public void finish(long target, long room) {
    if (target != 0) {
      sums.reduce(room, false, target);
    }
  }
}
