package dev.hourglass.architecture.part.norm;

import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;
import java.util.function.UnaryOperator;

/** Division by the root of the mean square, times a scale. */
public interface RmsNorm extends Norm, Part {

  /** {@code [channels]}, or that for each image. */
  <T> T scale(Primitives<T> on, long channels);

  @Override
  default <T> T apply(Primitives<T> on, T x) {
    return on.rmsNorm(x, scale(on, on.size(x, -1)));
  }

  @Override
  default <T> T residual(Primitives<T> on, T x, UnaryOperator<T> f) {
    return on.add(x, f.apply(apply(on.in("norm"), x)));
  }
}
