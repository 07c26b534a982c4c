package dev.hourglass.architecture.part;

import dev.hourglass.architecture.primitive.Primitives;

/** Division by the root of the mean square, times a scale. */
public interface RmsNorm extends Norm {

  /** {@code [channels]}, or that for each image. */
  <T> T scale(Primitives<T> on, long channels);

  @Override
  default <T> T apply(Primitives<T> on, T x) {
    return on.rmsNorm(x, scale(on, on.size(x, -1)));
  }
}
