package dev.hourglass.architecture;

import dev.hourglass.architecture.primitive.ParameterSpec.Start;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;

/** Makes a patch of {@code rows x columns} of one token, of {@code width} channels each. */
public record PatchSplit(int rows, int columns, int width, Start start) implements Part {

  @Override
  public <T> T apply(Primitives<T> on, T x) {
    return on.split(x, weight(on, on.size(x, -1)), rows, columns);
  }

  /** {@code [rows * columns * width, channels]}. */
  public <T> T weight(Primitives<T> on, long channels) {
    return on.weight("proj.weight", start, (long) rows * columns * width, channels);
  }
}
