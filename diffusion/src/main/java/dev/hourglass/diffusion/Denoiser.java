package dev.hourglass.diffusion;

import org.bytedeco.pytorch.Tensor;

/**
 * D(x, sigma), the least-squares guess of the clean images behind noisy ones: all that a sampler
 * needs to know of a model (Karras et al., "Elucidating the design space of diffusion-based
 * generative models", 2022, eq. 2). The score is {@code (D(x, sigma) - x) / sigma^2}.
 */
@FunctionalInterface
public interface Denoiser {

  /**
   * The denoised images.
   *
   * @param x images with noise of standard deviation {@code sigma} added, [n, c, h, w]
   * @param sigma the noise level of every image of the batch, above 0
   * @return the shape and type of {@code x}; a tensor of its own, which the caller frees
   */
  Tensor denoise(Tensor x, double sigma);
}
