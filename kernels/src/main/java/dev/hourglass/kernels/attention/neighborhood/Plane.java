package dev.hourglass.kernels.attention.neighborhood;

import static dev.hourglass.kernels.memory.Memory.ALL;

import dev.hourglass.kernels.memory.Memory;

/**
 * The tokens of one image and head: {@code [rows, columns, d]}, where tokens and rows need not be
 * adjacent.
 *
 * @param token bytes from one token to the next
 * @param row bytes from one row to the next
 */
record Plane(long address, long token, long row) {

  private static final int LINE = 64;

  long at(int y, int x) {
    return address + y * row + x * token;
  }

  /**
   * Reads a number of each cache line of some tokens, in four streams, which brings them from
   * memory at twice the speed that a transposition would.
   *
   * @param bytes of a token
   * @return nothing of use, but use it, or the compiler drops the reads
   */
  int touch(int y, int rows, int x, int columns, int bytes) {
    int sum = 0;
    for (int r = 0; r < rows; r += 4) {
      int last = rows - r - 1;
      long first = at(y + r, x);
      long second = first + Math.min(1, last) * row;
      long third = first + Math.min(2, last) * row;
      long fourth = first + Math.min(3, last) * row;
      for (long at = 0; at < columns * token; at += token) {
        for (long line = at; line < at + bytes; line += LINE) {
          sum += ALL.get(Memory.INT, first + line);
          sum += ALL.get(Memory.INT, second + line);
          sum += ALL.get(Memory.INT, third + line);
          sum += ALL.get(Memory.INT, fourth + line);
        }
      }
    }
    return sum;
  }
}
