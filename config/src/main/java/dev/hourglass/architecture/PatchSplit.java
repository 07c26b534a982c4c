package dev.hourglass.architecture;

import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;

/**
 * Makes a patch of {@code rows x columns} of one token, of {@code width} channels each.
 *
 * @param projection of the token
 */
public record PatchSplit(int rows, int columns, int width, Linear projection) implements Part {

  @Override
  public <T> T apply(Primitives<T> on, T x) {
    return on.split(x, weight(on, on.size(x, -1)), rows, columns);
  }

  /** {@code [rows * columns * width, channels]}. */
  public <T> T weight(Primitives<T> on, long channels) {
    return projection.weight(on, (long) rows * columns * width, channels);
  }
}
