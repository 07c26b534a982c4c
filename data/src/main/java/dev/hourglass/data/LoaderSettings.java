package dev.hourglass.data;

import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;

/**
 * How batches are made.
 *
 * @param size the size of the images in a batch
 * @param channels 1 or 3
 * @param batchSize images in a batch, at least 1
 * @param seed of the order and of the augmentation
 * @param augmentProbability of each kind of augmentation, in [0, 1]; 0 switches all off, the random
 *     mirroring included
 * @param threads that decode, at least 1; no effect on what the batches hold
 * @param prefetch batches made ahead of the one asked for, at least 0
 */
public record LoaderSettings(
    Size size,
    int channels,
    int batchSize,
    long seed,
    double augmentProbability,
    int threads,
    int prefetch) {

  public LoaderSettings {
    if (channels != 1 && channels != 3) {
      throw new InputException(
          "Images are read with 1 channel (gray) or 3 (RGB), but %d were asked for; set the model's input_channels to 1 or 3."
              .formatted(channels));
    }
    if (!(augmentProbability >= 0 && augmentProbability <= 1)) {
      throw new InputException(
          "The augmentation probability must lie between 0 and 1, but it is %s; correct augment_prob."
              .formatted(augmentProbability));
    }
    if (batchSize < 1 || threads < 1 || prefetch < 0) {
      throw new IllegalArgumentException(
          "batchSize and threads must be at least 1 and prefetch at least 0, got %d, %d and %d"
              .formatted(batchSize, threads, prefetch));
    }
  }
}
