package dev.hourglass.diffusion;

import org.bytedeco.pytorch.Tensor;

/**
 * F, the raw network inside the preconditioner, with its class and other conditioning already
 * bound.
 */
@FunctionalInterface
public interface Network {

  /**
   * F(c_in x, sigma).
   *
   * @param input scaled to unit variance by {@link Preconditioning}, [n, c, h, w]
   * @param sigma the noise level of each image before scaling, [n]
   * @return the shape of {@code input}
   */
  Tensor apply(Tensor input, Tensor sigma);
}
