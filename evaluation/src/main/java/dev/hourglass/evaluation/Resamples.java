package dev.hourglass.evaluation;

import dev.hourglass.core.InputException;

/**
 * How often numbers are computed again for their standard errors.
 *
 * @param count 0 for no such errors; the error itself is then known to about {@code 1 / sqrt(2
 *     count)} of it
 * @param seed of the choices of images
 */
public record Resamples(int count, long seed) {

  /** Errors known to 7%. */
  public static final Resamples DEFAULT = new Resamples(100, 0);

  public Resamples {
    if (count < 0 || count == 1) {
      throw new InputException(
          "The number of resamples must be 0, for no standard errors, or at least 2, not %d."
              .formatted(count));
    }
  }
}
