package dev.hourglass.config;

import dev.hourglass.InputException;
import java.util.List;

/** What levels must satisfy on their own, and together with an image size. */
final class LevelRules {

  /** Axial RoPE turns d_head/4 pairs of channels, half by row and half by column. */
  private static final int HEAD_DIVISOR = 8;

  private LevelRules() {}

  static void checkLevels(List<LevelConfig> levels) {
    if (levels.isEmpty()) {
      throw new InputException("model.widths is []; give one width for each level, at least one.");
    }
    for (int i = 0; i < levels.size(); i++) {
      LevelConfig level = levels.get(i);
      Require.positive("model.depths[%d]".formatted(i), level.depth());
      Require.positive("model.widths[%d]".formatted(i), level.width());
      Require.positive("model.d_ffs[%d]".formatted(i), level.dFf());
      Require.probability("model.dropout_rate[%d]".formatted(i), level.dropout());
      checkAttention(i, level);
    }
  }

  private static void checkAttention(int index, LevelConfig level) {
    String path = "model.self_attns[%d].".formatted(index);
    switch (level.selfAttention()) {
      case SelfAttention.Global(int dHead) -> checkHead(index, path, dHead, level.width());
      case SelfAttention.Neighborhood(int dHead, int kernelSize) -> {
        checkHead(index, path, dHead, level.width());
        Require.positive(path + "kernel_size", kernelSize);
        if (kernelSize % 2 == 0) {
          throw new InputException(
              "%skernel_size is %d; give an odd number, such as %d, so that a neighborhood has a middle."
                  .formatted(path, kernelSize, kernelSize - 1));
        }
      }
      case SelfAttention.ShiftedWindow(int dHead, int windowSize) -> {
        checkHead(index, path, dHead, level.width());
        Require.positive(path + "window_size", windowSize);
      }
      case SelfAttention.None() -> {}
    }
  }

  private static void checkHead(int index, String path, int dHead, int width) {
    Require.positive(path + "d_head", dHead);
    if (dHead % HEAD_DIVISOR != 0) {
      throw new InputException(
          "%sd_head is %d; give a multiple of %d, because axial RoPE turns eighths of a head."
              .formatted(path, dHead, HEAD_DIVISOR));
    }
    if (width % dHead != 0) {
      throw new InputException(
          "model.widths[%d] is %d, which is not a multiple of %sd_head (%d); use a width such as %d or another d_head."
              .formatted(index, width, path, dHead, nearestMultiple(width, dHead)));
    }
  }

  /**
   * Checks an image size against the patch and the levels.
   *
   * @param name what the size is, as the subject of the message
   */
  static void checkSize(Size size, String name, Size patch, List<LevelConfig> levels) {
    // More than 31 merges fit no image whose sides are ints, and the shift must not overflow.
    int merges = Math.min(levels.size() - 1, 31);
    long unitHeight = (long) patch.height() << merges;
    long unitWidth = (long) patch.width() << merges;
    if (size.height() % unitHeight != 0 || size.width() % unitWidth != 0) {
      throw new InputException(
          "%s is %s, but its sides must be multiples of %dx%d (model.patch_size %s, doubled for each further level); use a size such as %dx%d."
              .formatted(
                  name,
                  size,
                  unitHeight,
                  unitWidth,
                  patch,
                  nearestMultiple(size.height(), unitHeight),
                  nearestMultiple(size.width(), unitWidth)));
    }
    for (int i = 0; i < levels.size(); i++) {
      Size grid = grid(i, size, patch);
      switch (levels.get(i).selfAttention()) {
        case SelfAttention.Neighborhood(int _, int kernel) -> checkKernel(i, kernel, grid, size);
        case SelfAttention.ShiftedWindow(int _, int window) -> checkWindow(i, window, grid, size);
        case SelfAttention.Global _, SelfAttention.None _ -> {}
      }
    }
  }

  private static void checkKernel(int index, int kernel, Size grid, Size size) {
    if (kernel > grid.shorterSide()) {
      int largestOdd = (grid.shorterSide() - 1) | 1;
      throw new InputException(
          "model.self_attns[%d].kernel_size is %d, but level %d of a %s image has only %s tokens; use a larger image or a kernel of at most %d."
              .formatted(index, kernel, index, size, grid, largestOdd));
    }
  }

  private static void checkWindow(int index, int window, Size grid, Size size) {
    if (grid.height() % window != 0 || grid.width() % window != 0) {
      int divisor = Math.min(window, grid.shorterSide());
      while (grid.height() % divisor != 0 || grid.width() % divisor != 0) {
        divisor--;
      }
      throw new InputException(
          "model.self_attns[%d].window_size is %d, but level %d of a %s image has %s tokens, which such windows do not tile; use another image size or a window such as %d."
              .formatted(index, window, index, size, grid, divisor));
    }
  }

  static Size grid(int level, Size size, Size patch) {
    return new Size(
        size.height() / (patch.height() << level), size.width() / (patch.width() << level));
  }

  private static long nearestMultiple(long value, long unit) {
    return Math.max(1, (value + unit / 2) / unit) * unit;
  }
}
