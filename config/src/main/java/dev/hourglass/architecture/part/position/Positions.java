package dev.hourglass.architecture.part.position;

import dev.hourglass.architecture.primitive.Named;
import dev.hourglass.architecture.primitive.Primitives;

/** How tokens learn where they are. */
public interface Positions extends Named {

  /** The tokens of the outermost level, {@code [h, w, c]}, as patches made them. */
  default <T> T embed(Primitives<T> on, T tokens) {
    return tokens;
  }

  /**
   * Queries or keys, {@code [h, w, heads, d]}, as they are compared.
   *
   * @param exactAngles whether angles, if there are any, are computed in float64
   */
  default <T> T rotate(Primitives<T> on, T x, boolean exactAngles) {
    return x;
  }

  /** What the width of the outermost level must be a multiple of. */
  default int widthUnit() {
    return 1;
  }

  /** Whether the model works on images of its training size only. */
  default boolean fixSize() {
    return false;
  }
}
