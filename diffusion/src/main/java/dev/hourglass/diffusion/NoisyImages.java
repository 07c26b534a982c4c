package dev.hourglass.diffusion;

import org.bytedeco.pytorch.Tensor;

/**
 * Images with noise: {@code noisy = clean + sigma noise}.
 *
 * @param clean [n, c, h, w]
 * @param noise standard normal, [n, c, h, w]
 * @param sigma noise levels above 0, [n]
 * @param noisy [n, c, h, w]
 */
public record NoisyImages(Tensor clean, Tensor noise, Tensor sigma, Tensor noisy) {

  /** Adds the noise. */
  public static NoisyImages of(Tensor clean, Tensor noise, Tensor sigma) {
    return new NoisyImages(
        clean, noise, sigma, clean.add(noise.mul(Preconditioning.overImages(sigma))));
  }
}
