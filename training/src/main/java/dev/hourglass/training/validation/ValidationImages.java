package dev.hourglass.training.validation;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.core.InputException;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.data.ImageFit;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.sets.ImageDataset;
import dev.hourglass.data.sets.ImageVectors;
import dev.hourglass.sampling.LabelledImage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The images of a set that a validation loss is measured on, fitted to the model as in training.
 */
public final class ValidationImages {

  private static final long SEED = 0;

  private final ModelConfig model;
  private final ImageDataset images;
  private final ImageVectors vectors;
  private final int[] indices;
  private final SortedMap<String, String> corrupt = new ConcurrentSkipListMap<>();

  /**
   * A sample of a set: the same for every model, and a larger one holds the smaller.
   *
   * @param images not owned
   * @param vectors a vector for each image of the set, of a model that takes them
   * @param count at most so many
   * @throws InputException if the images have no classes, or more than the model
   */
  public ValidationImages(ModelConfig model, ImageDataset images, ImageVectors vectors, int count) {
    this.model = model;
    this.images = images;
    this.vectors = vectors;
    int size = images.size();
    this.indices =
        Arrays.copyOf(
            RandomStream.of(SEED, Purpose.IMAGE_CHOICE).permutation(size), Math.min(count, size));
    Arrays.sort(indices);
    requireClasses();
  }

  private void requireClasses() {
    int found = images.classNames().size();
    if (model.numClasses() > 0 && (found == 0 || found > model.numClasses())) {
      throw new InputException(
          "The images held out have %d classes, and the model %d; give images of the model's classes."
              .formatted(found, model.numClasses()));
    }
  }

  /** How many there are. */
  public int size() {
    return indices.length;
  }

  /** Images that could not be read so far, by name, with the reason. */
  public Map<String, String> skipped() {
    return Map.copyOf(corrupt);
  }

  /** Images {@code from .. to - 1}, without those that cannot be read. */
  List<LabelledImage> read(int from, int to) {
    return IntStream.range(from, to)
        .parallel()
        .mapToObj(this::read)
        .flatMap(Stream::ofNullable)
        .toList();
  }

  private LabelledImage read(int position) {
    int index = indices[position];
    try {
      float[] pixels = // [c, h, w]
          ImageFit.fit(images.decode(index), model.inputSize(), model.inputChannels()).toFloats();
      int label = images.label(index);
      float[] vector = vectors.of(index);
      return new LabelledImage(
          index,
          pixels,
          model.numClasses() > 0 ? OptionalInt.of(label) : OptionalInt.empty(),
          IntStream.range(0, vector.length).mapToObj(i -> vector[i]).toList());
    } catch (CorruptImageException e) {
      corrupt.put(e.imageName(), e.reason());
      return null;
    }
  }

  InputException unreadable() {
    String first = Objects.requireNonNull(corrupt.firstKey());
    return new InputException(
        "None of the %d images held out can be read (%s: %s)."
            .formatted(size(), first, corrupt.get(first)));
  }
}
