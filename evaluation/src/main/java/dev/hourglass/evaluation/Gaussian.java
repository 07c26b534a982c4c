package dev.hourglass.evaluation;

import dev.hourglass.core.InputException;

/**
 * Mean and covariance of a set of features.
 *
 * @param images that they were taken over, at least 2
 * @param mean {@code [d]}
 * @param covariance {@code [d, d]}, unbiased
 */
@SuppressWarnings("ArrayRecordComponent") // Plain buffers, passed on without copies.
public record Gaussian(long images, double[] mean, double[] covariance) {

  public Gaussian {
    if (images < 2) {
      throw new InputException(
          "A covariance needs at least 2 images, not %d; take more.".formatted(images));
    }
    if (covariance.length != mean.length * mean.length) {
      throw new IllegalArgumentException(
          "%d numbers are no covariance of %d features".formatted(covariance.length, mean.length));
    }
  }

  /** The number of features. */
  public int features() {
    return mean.length;
  }
}
