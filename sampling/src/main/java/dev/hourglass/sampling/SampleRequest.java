package dev.hourglass.sampling;

import dev.hourglass.core.InputException;
import java.util.List;

/**
 * Which images to draw.
 *
 * @param firstIndex the index of the first; other indices give other images of the same seed
 * @param count how many, at least 1
 * @param batchSize how many at once; no effect on the images beyond rounding
 * @param classes taken in turn by index; empty means all classes of the model in turn
 * @param vector the conditioning vector of a vector-conditional model; else empty
 */
public record SampleRequest(
    long firstIndex, int count, int batchSize, List<Integer> classes, List<Float> vector) {

  public SampleRequest {
    classes = List.copyOf(classes);
    vector = List.copyOf(vector);
    if (count < 1 || batchSize < 1) {
      throw new InputException(
          "The number of images and the batch size must be at least 1, not %d and %d."
              .formatted(count, batchSize));
    }
  }

  /** The first {@code count} images, all classes in turn. */
  public static SampleRequest of(int count) {
    return new SampleRequest(0, count, Math.min(count, 16), List.of(), List.of());
  }

  public SampleRequest withClasses(List<Integer> newClasses) {
    return new SampleRequest(firstIndex, count, batchSize, newClasses, vector);
  }

  public SampleRequest withBatchSize(int newBatchSize) {
    return new SampleRequest(firstIndex, count, newBatchSize, classes, vector);
  }

  /** The class of an image in a model of {@code numClasses} classes. */
  int classOf(long index, int numClasses) {
    return classes.isEmpty()
        ? (int) (index % numClasses)
        : classes.get((int) (index % classes.size()));
  }
}
