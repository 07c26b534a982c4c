package dev.hourglass.cli.evaluate;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.data.ImageFit;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.sets.ImageDataset;
import dev.hourglass.evaluation.features.Planes;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The images of a set, all of one size and number of channels. */
public final class FittedImages implements AutoCloseable {

  private final ImageDataset images;
  private final Path location;
  private final DatasetType type;
  private final boolean upright;
  private final Format format;

  private FittedImages(
      ImageDataset images, Path location, DatasetType type, boolean upright, Format format) {
    this.images = images;
    this.location = location;
    this.type = type;
    this.upright = upright;
    this.format = format;
  }

  /**
   * What images are brought to.
   *
   * @param channels 1 or 3
   * @param fit whether others are resized, cropped and converted as in training, or refused
   */
  public record Format(Size size, int channels, boolean fit) {

    /** {@code 64x64 in colour}. */
    @Override
    public String toString() {
      return "%s %s".formatted(size, channels == 1 ? "in gray" : "in colour");
    }

    DecodedImage apply(DecodedImage image, String name) {
      Format own = new Format(new Size(image.height(), image.width()), image.channels(), fit);
      if (!fit && !own.equals(this)) {
        throw new InputException(
            "%s is %s, but images of %s are compared; give --fit to resize and convert as in training, or other images."
                .formatted(name, own, this));
      }
      return ImageFit.fit(image, size, channels);
    }
  }

  /**
   * Opens a set.
   *
   * @param dataset its type, and whether pictures are turned upright; no classes are asked for
   * @throws InputException if there is nothing there
   */
  public static FittedImages open(DatasetConfig dataset, Path location, Format format) {
    dataset.withLocation(location.toString()).requireTrainable();
    return new FittedImages(
        ImageDataset.open(dataset, location),
        location,
        dataset.type(),
        dataset.exifOrientation(),
        format);
  }

  /**
   * The format of the first image of a folder that can be read.
   *
   * @throws InputException if none can
   */
  public static Format formatOf(DatasetConfig dataset, Path location, boolean fit) {
    try (ImageDataset images = ImageDataset.open(dataset, location)) {
      for (int i = 0; i < images.size(); i++) {
        try {
          DecodedImage image = images.decode(i);
          return new Format(new Size(image.height(), image.width()), image.channels(), fit);
        } catch (CorruptImageException e) {
          // Named when all are read.
        }
      }
    }
    throw new InputException("No image in %s can be read; give others.".formatted(location));
  }

  /** What all of them are brought to. */
  public Format format() {
    return format;
  }

  /** How many there are. */
  public int size() {
    return images.size();
  }

  Path location() {
    return location;
  }

  /** What determines the pixels, but for the content of the files. */
  String description() {
    return "%s, %s, %s%s"
        .formatted(
            type.jsonName(),
            format,
            format.fit() ? "fitted" : "as they are",
            upright ? "" : ", as stored");
  }

  /** What to tell of the set. */
  public List<String> report() {
    return images.report().lines();
  }

  /** The first n of an order that is always the same, but random: any start is a sample. */
  int[] choice(int count) {
    int[] order = RandomStream.of(0, Purpose.IMAGE_CHOICE).permutation(images.size());
    return IntStream.of(order).limit(count).toArray();
  }

  /** What to call an image. */
  String name(int index) {
    return images.name(index);
  }

  /** Reads one image. */
  Planes read(int index) throws CorruptImageException {
    return Planes.of(format.apply(images.decode(index), images.name(index)));
  }

  /** The names of the classes; empty without labels. */
  List<String> classNames() {
    return images.classNames();
  }

  /** How many images are of each class. */
  long[] classCounts() {
    long[] counts = new long[images.classNames().size()];
    IntStream.range(0, images.size())
        .map(images::label)
        .filter(label -> label >= 0)
        .forEach(label -> counts[label]++);
    return counts;
  }

  @Override
  public void close() {
    images.close();
  }
}
