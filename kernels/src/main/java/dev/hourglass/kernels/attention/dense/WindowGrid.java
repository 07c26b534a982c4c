package dev.hourglass.kernels.attention.dense;

import dev.hourglass.kernels.KernelActivity;
import dev.hourglass.kernels.memory.Memory;

/**
 * Windows of a grid of tokens that was rolled by {@code +shift} rows and columns: where their
 * tokens lie, and which of them the roll brought together from opposite sides.
 *
 * @param rows of the grid, a multiple of {@code size}; likewise columns
 * @param d floats of a token
 */
@KernelActivity(KernelActivity.Kind.MEMORY)
record WindowGrid(int rows, int columns, int d, int size, int shift) {

  /** Tokens of a window. */
  int tokens() {
    return size * size;
  }

  int windows() {
    return rows / size * (columns / size);
  }

  /**
   * Copies a window's tokens to {@code [size^2, d]}.
   *
   * @param grid {@code [rows, columns]} tokens
   * @param stride floats from one token of the grid to the next
   * @return {@code tokens}
   */
  long gather(int window, long grid, int stride, long tokens) {
    for (int i = 0; i < size; i++) {
      long row = grid + 4L * row(window, i) * columns * stride;
      long target = tokens + 4L * i * size * d;
      int column = column(window);
      int beforeSeam = Math.min(size, columns - column);
      DenseRows.copy(row + 4L * column * stride, stride, target, d, beforeSeam, d);
      DenseRows.copy(row, stride, target + 4L * beforeSeam * d, d, size - beforeSeam, d);
    }
    return tokens;
  }

  /** The inverse of {@link #gather}. */
  void scatter(int window, long tokens, long grid, int stride) {
    for (int i = 0; i < size; i++) {
      long row = grid + 4L * row(window, i) * columns * stride;
      long source = tokens + 4L * i * size * d;
      int column = column(window);
      int beforeSeam = Math.min(size, columns - column);
      DenseRows.copy(source, d, row + 4L * column * stride, stride, beforeSeam, d);
      DenseRows.copy(source + 4L * beforeSeam * d, d, row, stride, size - beforeSeam, d);
    }
  }

  /** The row of the grid that row {@code i} of a window was rolled from. */
  private int row(int window, int i) {
    return Math.floorMod(window / (columns / size) * size + i - shift, rows);
  }

  /** The column of the grid that a window's first column was rolled from. */
  private int column(int window) {
    return Math.floorMod(window % (columns / size) * size - shift, columns);
  }

  /**
   * Writes labels for the tokens of a window across a seam: only those with equal labels lay on the
   * same side before the roll.
   *
   * @param room for {@code size^2} ints, rounded up to whole vectors
   * @return {@code room}, or 0 if the window lies in one piece
   */
  long labels(int window, long room) {
    boolean top = window / (columns / size) == 0;
    boolean left = window % (columns / size) == 0;
    if (shift == 0 || shift >= size || !(top || left)) {
      return 0;
    }
    for (int i = 0; i < tokens(); i++) {
      int label = (top && i / size < shift ? 2 : 0) + (left && i % size < shift ? 1 : 0);
      Memory.ALL.set(Memory.INT, room + 4L * i, label);
    }
    return room;
  }
}
