package dev.hourglass.kernels.rotary;

import dev.hourglass.kernels.memory.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Cosines and sines of axial rotary positions, laid out for {@link CosineRotary}.
 *
 * <p>Of the {@code d/4} angles of a token, the first half depend on its row, the others on its
 * column. A row's table holds zeros for the columns' angles and the other way round, so the sum of
 * both is a token's table, and no table for all tokens is needed.
 */
public final class RotaryTables {

  private final int height;
  private final int width;
  private final int heads;
  private final int quarter;

  /** {@code [heads, height, (cosine, sine), d/4]}, then {@code [heads, width, ...]}. */
  private final MemorySegment memory;

  private RotaryTables(int height, int width, int heads, int eighth) {
    this.height = height;
    this.width = width;
    this.heads = heads;
    this.quarter = 2 * eighth;
    long bytes = (long) heads * (height + width) * positionBytes();
    this.memory = Arena.ofAuto().allocate(bytes, 64);
  }

  /**
   * The tables of a grid, from float32 numbers.
   *
   * @param height rows of the grid
   * @param width columns of the grid
   * @param eighth {@code d/8}
   * @param cosY {@code [height, heads, d/8]}, cosines of the rows' angles
   * @param sinY the same, their sines
   * @param cosX {@code [width, heads, d/8]}, cosines of the columns' angles
   * @param sinX the same, their sines
   */
  public static RotaryTables of(
      int height, int width, int heads, int eighth, long cosY, long sinY, long cosX, long sinX) {
    RotaryTables tables = new RotaryTables(height, width, heads, eighth);
    for (int head = 0; head < heads; head++) {
      for (int y = 0; y < height; y++) {
        long from = 4L * ((long) y * heads + head) * eighth;
        tables.fill(tables.row(head, y), cosY + from, sinY + from);
      }
      for (int x = 0; x < width; x++) {
        long from = 4L * ((long) x * heads + head) * eighth;
        tables.fill(tables.column(head, x) + 4L * eighth, cosX + from, sinX + from);
      }
    }
    return tables;
  }

  /**
   * Tables that turn nothing: every angle is 0.
   *
   * @param d channels of a head, a multiple of 8
   */
  public static RotaryTables still(int height, int width, int heads, int d) {
    RotaryTables tables = new RotaryTables(height, width, heads, d / 8);
    long half = 2L * tables.quarter;
    for (int head = 0; head < heads; head++) {
      for (int y = 0; y < height; y++) {
        fillOnes(tables.row(head, y), half);
      }
      for (int x = 0; x < width; x++) {
        fillOnes(tables.column(head, x) + half, half);
      }
    }
    return tables;
  }

  private static void fillOnes(long target, long bytes) {
    for (long i = 0; i < bytes; i += 4) {
      Memory.setFloat(target + i, 1);
    }
  }

  private void fill(long target, long cosines, long sines) {
    Memory.copy(cosines, target, 2L * quarter);
    Memory.copy(sines, target + 4L * quarter, 2L * quarter);
  }

  /** Bytes of one row's or column's cosines and sines. */
  long positionBytes() {
    return 8L * quarter;
  }

  /** {@code [(cosine, sine), d/4]} of row {@code y}, zero for the columns' angles. */
  long row(int head, int y) {
    return memory.address() + ((long) head * height + y) * positionBytes();
  }

  /** {@code [(cosine, sine), d/4]} of column {@code x}, zero for the rows' angles. */
  long column(int head, int x) {
    return memory.address() + ((long) heads * height + (long) head * width + x) * positionBytes();
  }

  /** Columns of the grid. */
  int width() {
    return width;
  }

  /** Pairs that are rotated, {@code d/4}. */
  int quarter() {
    return quarter;
  }

  /** Tokens of the grid. */
  int tokens() {
    return height * width;
  }

  int heads() {
    return heads;
  }
}
