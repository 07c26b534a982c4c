package dev.hourglass.config;

import dev.hourglass.architecture.part.attention.SelfAttention.Misfit;
import dev.hourglass.architecture.part.position.Positions;
import dev.hourglass.core.InputException;
import dev.hourglass.json.Require;
import java.util.List;

/** What levels must satisfy on their own, and together with an image size. */
final class LevelRules {

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
      Require.positive("model.stacks[%d]".formatted(i), level.stacks());
      Require.probability("model.dropout_rate[%d]".formatted(i), level.dropout());
      level.selfAttention().check(i, level.width());
    }
  }

  static void checkPositions(Positions positions, int width) {
    if (width % positions.widthUnit() != 0) {
      throw new InputException(
          "model.widths[0] is %d; give a multiple of %d, because positions of type \"%s\" fill parts of it."
              .formatted(width, positions.widthUnit(), positions.name()));
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
      int level = i;
      Size grid = grid(i, size, patch);
      levels
          .get(i)
          .selfAttention()
          .misfit(grid.height(), grid.width())
          .ifPresent(misfit -> refuse(misfit, level, size));
    }
  }

  private static void refuse(Misfit misfit, int level, Size size) {
    throw new InputException(
        "model.self_attns[%d].%s is %s, but level %d of a %s image %s; %s."
            .formatted(
                level,
                misfit.key(),
                misfit.value(),
                level,
                size,
                misfit.problem(),
                misfit.advice()));
  }

  static Size grid(int level, Size size, Size patch) {
    return new Size(
        size.height() / (patch.height() << level), size.width() / (patch.width() << level));
  }

  private static long nearestMultiple(long value, long unit) {
    return Math.max(1, (value + unit / 2) / unit) * unit;
  }
}
