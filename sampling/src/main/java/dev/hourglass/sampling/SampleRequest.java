package dev.hourglass.sampling;

import dev.hourglass.core.InputException;
import dev.hourglass.sampling.denoise.ClassMixture;
import java.util.List;

/**
 * Which images to draw.
 *
 * @param firstIndex the index of the first; other indices give other images of the same seed
 * @param count how many, at least 1
 * @param batchSize how many at once; no effect on the images beyond rounding
 * @param classes taken in turn by index; empty means all classes of the model in turn
 * @param vector the conditioning vector of a vector-conditional model; else empty
 * @param origin what they are made from
 */
public record SampleRequest(
    long firstIndex,
    int count,
    int batchSize,
    List<Integer> classes,
    List<Float> vector,
    Origin origin) {

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
    this(firstIndex, count, batchSize, classes, vector, new Origin.SeedNoise());
  }

  /** The first {@code count} images, all classes in turn. */
  public static SampleRequest of(int count) {
    return new SampleRequest(0, count, Math.min(count, 16), List.of(), List.of());
  }

  public SampleRequest withClasses(List<Integer> newClasses) {
    return new SampleRequest(firstIndex, count, batchSize, newClasses, vector, origin);
  }

  public SampleRequest withBatchSize(int newBatchSize) {
    return new SampleRequest(firstIndex, count, newBatchSize, classes, vector, origin);
  }

  /** As many images made from something else. */
  public SampleRequest from(Origin newOrigin) {
    return new SampleRequest(firstIndex, count, batchSize, classes, vector, newOrigin);
  }

  public SampleRequest withCount(int newCount) {
    return new SampleRequest(firstIndex, newCount, batchSize, classes, vector, origin);
  }

  /** What an image of a model of {@code numClasses} classes is drawn of. */
  ClassMixture classesOf(long index, int numClasses) {
    return origin.classes(this, index, numClasses);
  }

  /** The class of an image in a model of {@code numClasses} classes. */
  int classOf(long index, int numClasses) {
    return classes.isEmpty()
        ? (int) (index % numClasses)
        : classes.get((int) (index % classes.size()));
  }
}
