package dev.hourglass.architecture.part.skip;

import dev.hourglass.architecture.primitive.BinaryPart;
import dev.hourglass.architecture.primitive.Named;
import dev.hourglass.architecture.primitive.Primitives;

/** How the tokens of the down path come back into the up path. */
public interface Skip extends BinaryPart, Named {

  /**
   * Both in one.
   *
   * @param skip tokens of the down path, {@code [h, w, c]}
   * @param x tokens from below, as many
   */
  @Override
  <T> T apply(Primitives<T> on, T skip, T x);
}
