package dev.hourglass.diffusion.noise;

import org.bytedeco.pytorch.Tensor;

/** The standard normal noise that a stochastic sampler adds, in the order of its draws. */
public interface NoiseSource {

  /**
   * The next draw.
   *
   * @param sigmaFrom the noise level that the step starts at
   * @param sigmaTo the noise level that it goes to, below {@code sigmaFrom}
   * @return [n, c, h, w], mean 0, variance 1; the sampler converts it to the type and device of its
   *     images
   */
  Tensor noise(double sigmaFrom, double sigmaTo);

  /**
   * Passes over a draw that the sampler has no use for, so that the later ones keep their place.
   */
  default void skip(double sigmaFrom, double sigmaTo) {
    noise(sigmaFrom, sigmaTo).close();
  }
}
