package dev.hourglass.sampling;

/** Hears of the progress of drawing images. */
@FunctionalInterface
public interface SampleListener {

  SampleListener NONE = (done, total, firstImage, images) -> {};

  /**
   * One sampler step of one batch is done.
   *
   * @param done sampler steps done over all batches
   * @param total all there will be; a guess for adaptive samplers
   * @param firstImage place of the batch's first image among those requested
   * @param images in the batch
   */
  void step(long done, long total, int firstImage, int images);

  /** The model has its first look at the images in a step. */
  default void denoised(Preview preview) {}
}
