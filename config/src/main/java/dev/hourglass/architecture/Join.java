package dev.hourglass.architecture;

import dev.hourglass.architecture.part.skip.Skip;
import dev.hourglass.architecture.primitive.BinaryPart;
import dev.hourglass.architecture.primitive.Primitives;

/** Tokens from below are split and joined with the skip, {@code [h, w, c]}. */
public record Join(PatchSplit split, Skip skip) implements BinaryPart {

  @Override
  public <T> T apply(Primitives<T> on, T skipped, T x) {
    return skip.apply(on, skipped, split.apply(on, x));
  }
}
