package dev.hourglass.architecture;

import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;

/**
 * Makes one token of a patch of {@code rows x columns}.
 *
 * @param width channels of the token
 * @param projection makes them of the patch's
 */
public record PatchMerge(int rows, int columns, int width, Linear projection) implements Part {

  /** With the projection {@code proj}. */
  public PatchMerge(int rows, int columns, int width) {
    this(rows, columns, width, Linear.of("proj"));
  }

  /** The same patches to tokens of another width, by a projection of another name. */
  PatchMerge to(String otherName, int otherWidth) {
    return new PatchMerge(rows, columns, otherWidth, Linear.of(otherName));
  }

  @Override
  public <T> T apply(Primitives<T> on, T x) {
    long patch = on.size(x, -1) * rows * columns;
    return on.merge(x, projection.weight(on, width, patch), rows, columns);
  }
}
