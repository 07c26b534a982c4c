package dev.hourglass.architecture;

import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;

/** Makes one token of a patch of {@code rows x columns}, of {@code width} channels. */
public record PatchMerge(int rows, int columns, int width) implements Part {

  private static final Linear PROJECTION = Linear.of("proj");

  @Override
  public <T> T apply(Primitives<T> on, T x) {
    long patch = on.size(x, -1) * rows * columns;
    return on.merge(x, PROJECTION.weight(on, width, patch), rows, columns);
  }
}
