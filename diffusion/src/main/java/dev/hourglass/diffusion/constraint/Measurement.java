package dev.hourglass.diffusion.constraint;

import org.bytedeco.pytorch.Tensor;

/** A linear map A from an image to what is known of it. */
public sealed interface Measurement permits KnownPixels, WeightedMean {

  /**
   * {@code x + A^+ (A y - A x)}: images that are measured as the given ones are.
   *
   * @param given y, [n, c, h, w]
   * @param images x, of the same shape and type
   * @return x, moved no further than its measurements ask for
   */
  Tensor impose(Tensor given, Tensor images);

  /**
   * The same for pictures whose values end at -1 and 1. Cutting off what is beyond would change
   * what is measured, so the rest makes up for it.
   *
   * @param given y, in [-1, 1]
   */
  Tensor imposeInRange(Tensor given, Tensor images);
}
