package dev.hourglass.sampling;

import dev.hourglass.config.Size;

/**
 * The images of a batch.
 *
 * @param seed of all their random numbers
 * @param first the index of the first image that was asked for, in this batch or an earlier one
 * @param indices of the images of this batch
 * @param shape of an image, {@code [c, h, w]}
 */
@SuppressWarnings("ArrayRecordComponent") // As the noise sources take them.
public record DrawnBatch(long seed, long first, long[] indices, long[] shape) {

  int count() {
    return indices.length;
  }

  /** The place of an image of this batch among all that were asked for. */
  int place(int image) {
    return Math.toIntExact(indices[image] - first);
  }

  Size size() {
    return new Size(Math.toIntExact(shape[1]), Math.toIntExact(shape[2]));
  }

  /** Values of an image. */
  int values() {
    return Math.toIntExact(shape[0] * shape[1] * shape[2]);
  }

  DrawnBatch withSeed(long newSeed) {
    return new DrawnBatch(newSeed, first, indices, shape);
  }

  /** As many images, all of them the first one. */
  DrawnBatch ofFirst() {
    long[] same = new long[indices.length];
    java.util.Arrays.fill(same, first);
    return new DrawnBatch(seed, first, same, shape);
  }
}
