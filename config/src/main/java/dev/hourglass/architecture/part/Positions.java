package dev.hourglass.architecture.part;

import dev.hourglass.architecture.primitive.Primitives;

/** How tokens learn where they are. */
public interface Positions extends Named {

  /**
   * Queries or keys, {@code [h, w, heads, d]}, that know their place.
   *
   * @param exactAngles whether angles, if there are any, are computed in float64
   */
  <T> T apply(Primitives<T> on, T x, boolean exactAngles);
}
