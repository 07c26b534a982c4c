package dev.hourglass.kernels.resample;

import dev.hourglass.kernels.memory.Memory;

/**
 * Tokens that stand for patches of a finer grid: row (row, column, channel) of a patch, as merging
 * and splitting order it.
 *
 * @param columns of the coarse grid
 * @param patchHeight fine rows of a patch
 * @param patchWidth fine columns of a patch
 * @param channels of a fine token
 */
public record PatchGrid(int columns, int patchHeight, int patchWidth, int channels) {

  /** Whether coarse rows are the fine ones as they lie in memory. */
  boolean isPlain() {
    return patchHeight == 1 && patchWidth == 1;
  }

  /** Numbers of a coarse row. */
  int width() {
    return patchHeight * patchWidth * channels;
  }

  /** Bytes of a patch's row, which lie together on both grids. */
  private long segment() {
    return 4L * patchWidth * channels;
  }

  /** Where row {@code i} of the patch of coarse token {@code token} of the whole batch begins. */
  private long fine(long base, int token, int i) {
    long coarseRow = token / columns; // Of all images: they follow one another on both grids.
    long fineRow = coarseRow * patchHeight + i;
    return base + (fineRow * columns + token % columns) * segment();
  }

  /** Collects coarse rows {@code [rows, width]} of the fine tokens at {@code base}. */
  void gather(long base, int firstToken, int rows, long target) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < patchHeight; i++) {
        long part = target + 4L * r * width() + i * segment();
        Memory.copy(fine(base, firstToken + r, i), part, segment());
      }
    }
  }

  /** Spreads coarse rows over the fine tokens at {@code base}. */
  void scatter(long source, int firstToken, int rows, long base) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < patchHeight; i++) {
        long part = source + 4L * r * width() + i * segment();
        Memory.copy(part, fine(base, firstToken + r, i), segment());
      }
    }
  }

  /** Tokens of a patch. */
  int tokens() {
    return patchHeight * patchWidth;
  }

  /** Like {@link #scatter}, mixed with a skip. */
  void scatter(long source, int firstToken, int rows, Mix mix, long skip, long base) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < patchHeight; i++) {
        long part = source + 4L * r * width() + i * segment();
        long offset = fine(0, firstToken + r, i);
        mix.forward(skip + offset, part, base + offset, patchWidth, channels);
      }
    }
  }
}
