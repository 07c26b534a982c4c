package dev.hourglass.architecture.part.attention;

import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.Require;

/** The key {@code d_head}, which all kinds of attention have. */
final class Heads {

  static final String KEY = "d_head";

  /** Axial RoPE turns d_head/4 pairs of channels, half by row and half by column. */
  private static final int DIVISOR = 8;

  private Heads() {}

  static int read(JsonSection section) {
    return section.integer(KEY, SelfAttention.DEFAULT_D_HEAD);
  }

  /** The path of a key of a level's attention. */
  static String path(int level, String key) {
    return "model.self_attns[%d].%s".formatted(level, key);
  }

  static void check(int level, int dHead, int width) {
    String path = path(level, KEY);
    Require.positive(path, dHead);
    if (dHead % DIVISOR != 0) {
      throw new InputException(
          "%s is %d; give a multiple of %d, because axial RoPE and our kernels work on eighths of a head."
              .formatted(path, dHead, DIVISOR));
    }
    if (width % dHead != 0) {
      throw new InputException(
          "model.widths[%d] is %d, which is not a multiple of %s (%d); use a width such as %d or another d_head."
              .formatted(
                  level, width, path, dHead, Math.max(1, (width + dHead / 2) / dHead) * dHead));
    }
  }
}
