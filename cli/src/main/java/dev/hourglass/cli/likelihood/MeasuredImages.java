package dev.hourglass.cli.likelihood;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.data.HeldOut;
import dev.hourglass.data.ImageFit;
import dev.hourglass.data.SubsetImages;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.sets.ImageDataset;
import dev.hourglass.data.sets.ImageVectors;
import dev.hourglass.sampling.LabelledImage;
import dev.hourglass.sampling.ModelFile;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The images of a set in the random order in which they are measured, with their classes. */
public final class MeasuredImages implements AutoCloseable {

  private final ModelConfig model;
  private final ImageDataset images;
  private final ImageVectors vectors;
  private final boolean withClasses;
  private final boolean fit;

  private MeasuredImages(
      ModelConfig model,
      ImageDataset images,
      ImageVectors vectors,
      boolean withClasses,
      boolean fit) {
    this.model = model;
    this.images = images;
    this.vectors = vectors;
    this.withClasses = withClasses;
    this.fit = fit;
  }

  /**
   * Opens a set for a model.
   *
   * @param location where the images are
   * @param type how they are stored; empty for the type in the model's config
   * @param heldOut the share of the images that the model's training held out, to measure only
   *     those; 0 for all images
   * @param noClass whether to measure without classes
   * @param fit whether images of another size or number of channels are fitted, as in training
   * @throws InputException if there is nothing there, or its classes are not the model's
   */
  public static MeasuredImages open(
      ModelFile file, Path location, String type, double heldOut, boolean noClass, boolean fit) {
    DatasetConfig given = file.config().dataset();
    DatasetConfig dataset =
        new DatasetConfig(
            type.isEmpty() ? given.type() : DatasetType.readable(type),
            location.toString(),
            0, // Classes are compared below: where they are wanted, and in other words.
            given.condDropoutRate(),
            given.exifOrientation(),
            given.extras());
    dataset.requireTrainable();
    ModelConfig model = file.config().model();
    ImageDataset images = ImageDataset.open(dataset, location);
    boolean withClasses = model.numClasses() > 0 && !noClass;
    if (withClasses) {
      requireClasses(file, images, location);
    }
    int dimension = model.mappingCondDim();
    ImageVectors vectors =
        dimension == 0 ? ImageVectors.none(images) : ImageVectors.read(images, location, dimension);
    if (heldOut > 0) {
      int[] held = HeldOut.of(images.size(), heldOut).heldOut();
      return new MeasuredImages(
          model, new SubsetImages(images, held), vectors.of(held), withClasses, fit);
    }
    return new MeasuredImages(model, images, vectors, withClasses, fit);
  }

  private static void requireClasses(ModelFile file, ImageDataset images, Path location) {
    int expected = file.config().model().numClasses();
    List<String> found = images.classNames();
    if (found.isEmpty()) {
      throw new InputException(
          "The images in %s have no labels, and the model has %d classes; give --no-class to measure without."
              .formatted(location, expected));
    }
    if (found.size() > expected) {
      throw new InputException(
          "%s holds %d classes, but the model has %d; give images of the model's classes, or --no-class."
              .formatted(location, found.size(), expected));
    }
    List<String> known = file.classNames();
    IntStream.range(0, Math.min(found.size(), known.size()))
        .filter(i -> !found.get(i).equals(known.get(i)))
        .findFirst()
        .ifPresent(
            i -> {
              throw new InputException(
                  "Class %d is \"%s\" in %s, but \"%s\" in the model; name the classes as the model does, or give --no-class."
                      .formatted(i, found.get(i), location, known.get(i)));
            });
  }

  /** How many there are. */
  public int size() {
    return images.size();
  }

  /** The set; closed with this. */
  public ImageDataset images() {
    return images;
  }

  /** The vectors of its images. */
  public ImageVectors vectors() {
    return vectors;
  }

  /** Whether each image is measured under its class. */
  public boolean withClasses() {
    return withClasses;
  }

  /** What to tell of the set. */
  public List<String> report() {
    return images.report().lines();
  }

  /** The numbers of all images, in an order that follows from the seed: any start is a sample. */
  public int[] order(long seed) {
    return RandomStream.of(seed, Purpose.IMAGE_CHOICE).permutation(images.size());
  }

  /** What to call an image. */
  public String name(int index) {
    return images.name(index);
  }

  /**
   * Reads one image.
   *
   * @throws InputException if it is not of the model's size and colours, and shall not be fitted
   */
  public LabelledImage read(int index) throws CorruptImageException {
    Size size = model.inputSize();
    DecodedImage image = images.decode(index);
    boolean asWanted =
        image.height() == size.height()
            && image.width() == size.width()
            && image.channels() == model.inputChannels();
    if (!asWanted && !fit) {
      throw new InputException(
          "%s is %s, but the model takes %s; give --fit to resize and convert as in training, or other images."
              .formatted(
                  images.name(index),
                  words(new Size(image.height(), image.width()), image.channels()),
                  words(size, model.inputChannels())));
    }
    float[] vector = vectors.of(index);
    return new LabelledImage(
        index,
        ImageFit.fit(image, size, model.inputChannels()).toFloats(),
        withClasses ? OptionalInt.of(label(index)) : OptionalInt.empty(),
        IntStream.range(0, vector.length).mapToObj(i -> vector[i]).toList());
  }

  private int label(int index) {
    int label = images.label(index);
    if (label < 0 || label >= model.numClasses()) {
      throw new InputException(
          "%s has the class %d, but the model has the classes 0 to %d; correct the data, or give --no-class."
              .formatted(images.name(index), label, model.numClasses() - 1));
    }
    return label;
  }

  private static String words(Size size, int channels) {
    return "%s %s".formatted(size, channels == 1 ? "in gray" : "in colour");
  }

  @Override
  public void close() {
    images.close();
  }
}
