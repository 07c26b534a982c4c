package dev.hourglass.diffusion.samplers.step;

import org.bytedeco.pytorch.Tensor;

/** Told of each step of a sampler: for progress bars and previews. */
@FunctionalInterface
public interface SamplerListener {

  /** Listens to nothing. */
  SamplerListener NONE = (step, steps, sigma, denoised) -> {};

  /**
   * A step has its first look at the images.
   *
   * @param step from 0
   * @param steps how many there will be, or 0 if that depends on the images
   * @param sigma the noise level at the start of the step
   * @param denoised the present guess of the clean images, [n, c, h, w]; valid during the call only
   */
  void step(int step, int steps, double sigma, Tensor denoised);
}
