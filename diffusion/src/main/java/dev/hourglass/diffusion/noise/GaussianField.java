package dev.hourglass.diffusion.noise;

import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Standard normal numbers for a batch of images, made in parallel by chunks. The numbers of an
 * image follow from the seed, its index and the coordinates alone, never from its batch.
 */
final class GaussianField {

  /** Values with a random stream of their own; part of what defines the numbers. */
  static final int CHUNK = 8192;

  private GaussianField() {}

  /** Work on values {@code from .. to - 1} of one image. */
  @FunctionalInterface
  interface ChunkTask {
    void run(int image, int chunk, int from, int to);
  }

  /** Runs a task for every chunk of every image, in parallel. */
  static void forEachChunk(int images, int size, ChunkTask task) {
    int chunks = (size + CHUNK - 1) / CHUNK;
    IntStream.range(0, images * chunks)
        .parallel()
        .forEach(
            i -> {
              int chunk = i % chunks;
              int from = chunk * CHUNK;
              task.run(i / chunks, chunk, from, Math.min(size, from + CHUNK));
            });
  }

  /** The stream of a chunk of one image. */
  static RandomStream stream(long seed, Purpose purpose, int chunk, long... name) {
    long[] full = Arrays.copyOf(name, name.length + 1);
    full[name.length] = chunk;
    return RandomStream.of(seed, purpose, full);
  }

  /** Values of all pixels and channels of one image. */
  static int size(long... shape) {
    if (shape.length != 3) {
      throw new IllegalArgumentException(
          "an image has the shape [c, h, w], not " + Arrays.toString(shape));
    }
    return Math.toIntExact(shape[0] * shape[1] * shape[2]);
  }

  /** [n, c, h, w]. */
  static long[] batchShape(int images, long... shape) {
    return new long[] {images, shape[0], shape[1], shape[2]};
  }
}
