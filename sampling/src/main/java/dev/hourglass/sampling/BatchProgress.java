package dev.hourglass.sampling;

import dev.hourglass.diffusion.samplers.step.SamplerListener;
import org.bytedeco.pytorch.Tensor;

/**
 * Hands on what a sampler says of a batch.
 *
 * @param before sampler steps of the batches before it
 * @param total sampler steps of all batches
 * @param firstImage the place of its first image among those requested
 */
record BatchProgress(SampleListener listener, long before, long total, int firstImage)
    implements SamplerListener {

  @Override
  public void step(int step, int steps, double sigma, Tensor denoised) {
    listener.step(before + step + 1, total, firstImage, (int) denoised.size(0));
    listener.denoised(new Preview(step, sigma, firstImage, denoised));
  }
}
