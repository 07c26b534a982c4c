package dev.hourglass.sampling;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.noise.ImageNoise;
import dev.hourglass.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Which images to draw.
 *
 * @param firstIndex the index of the first; other indices give other images of the same seed
 * @param count how many, at least 1
 * @param batchSize how many at once; no effect on the images beyond rounding
 * @param classes taken in turn by index; empty means all classes of the model in turn
 * @param vector the conditioning vector of a vector-conditional model; else empty
 * @param latents the noise to start from, of the first image and those after it; else it follows
 *     from the seed
 */
public record SampleRequest(
    long firstIndex,
    int count,
    int batchSize,
    List<Integer> classes,
    List<Float> vector,
    Optional<Latents> latents) {

  public SampleRequest {
    classes = List.copyOf(classes);
    vector = List.copyOf(vector);
    if (count < 1 || batchSize < 1) {
      throw new InputException(
          "The number of images and the batch size must be at least 1, not %d and %d."
              .formatted(count, batchSize));
    }
  }

  /** Images that start from the noise of the seed. */
  public SampleRequest(
      long firstIndex, int count, int batchSize, List<Integer> classes, List<Float> vector) {
    this(firstIndex, count, batchSize, classes, vector, Optional.empty());
  }

  /** The first {@code count} images, all classes in turn. */
  public static SampleRequest of(int count) {
    return new SampleRequest(0, count, Math.min(count, 16), List.of(), List.of());
  }

  public SampleRequest withClasses(List<Integer> newClasses) {
    return new SampleRequest(firstIndex, count, batchSize, newClasses, vector, latents);
  }

  public SampleRequest withBatchSize(int newBatchSize) {
    return new SampleRequest(firstIndex, count, newBatchSize, classes, vector, latents);
  }

  public SampleRequest withLatents(Latents newLatents) {
    return new SampleRequest(
        firstIndex, newLatents.count(), batchSize, classes, vector, Optional.of(newLatents));
  }

  /** The noise of variance 1 that images start from, {@code [n, c, h, w]}. */
  Tensor start(long seed, long[] indices, long... shape) {
    if (latents.isEmpty()) {
      return ImageNoise.initial(seed, indices, shape);
    }
    float[] noise = new float[Math.toIntExact(indices.length * shape[0] * shape[1] * shape[2])];
    for (int i = 0; i < indices.length; i++) {
      latents.get().copy(indices[i] - firstIndex, noise, i);
    }
    return Tensors.ofFloats(noise, indices.length, shape[0], shape[1], shape[2]);
  }

  /** The class of an image in a model of {@code numClasses} classes. */
  int classOf(long index, int numClasses) {
    return classes.isEmpty()
        ? (int) (index % numClasses)
        : classes.get((int) (index % classes.size()));
  }
}
