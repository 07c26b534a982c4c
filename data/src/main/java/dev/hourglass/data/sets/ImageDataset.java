package dev.hourglass.data.sets;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.core.InputException;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import java.nio.file.Path;
import java.util.List;

/**
 * A closed set of images with random access, numbered from 0 in an order that does not depend on
 * the machine. All methods may be called from many threads.
 */
public interface ImageDataset extends AutoCloseable {

  /** The number of images, at least 1. */
  int size();

  /**
   * Decodes one image, at its own size.
   *
   * @param index in {@code 0 .. size() - 1}
   * @throws CorruptImageException if the image is damaged or its file cannot be read
   */
  DecodedImage decode(int index) throws CorruptImageException;

  /** The class of an image without decoding it; -1 when the set has no labels. */
  int label(int index);

  /** What to call an image in messages: its path within the location, or {@code file#entry}. */
  String name(int index);

  /** The names of the classes by label; empty when the set has no labels. */
  List<String> classNames();

  /** Which files make up the set, and what was passed over; to be told once, at the start. */
  default SetReport report() {
    return SetReport.NOTHING;
  }

  /** How images of this kind of set get labels, as a clause for a sentence. */
  default String howToLabel() {
    return "sort the images into one folder for each class and set dataset.type to"
        + " imagefolder-class";
  }

  /** Lets go of open files, which few sets hold between two images. */
  @Override
  default void close() {}

  /**
   * Opens the set of images that a config describes.
   *
   * @param dataset gives the type, the number of classes and whether pictures are turned upright;
   *     its location is not looked at
   * @param location the location, resolved to a path
   * @throws InputException if there is nothing there, or not what the config says
   */
  static ImageDataset open(DatasetConfig dataset, Path location) {
    int numClasses = dataset.numClasses();
    ImageDataset images =
        switch (dataset.type()) {
          case IMAGEFOLDER -> FolderImages.open(location);
          case IMAGEFOLDER_CLASS -> FolderImages.openWithClasses(location);
          case CIFAR10 -> CifarImages.open(location);
          case MNIST -> IdxImages.open(location, numClasses);
          case TAR, WDS, WDS_CLASS -> TarImages.open(location, numClasses);
          case PARQUET -> ParquetImages.open(location, numClasses);
          case HUGGINGFACE, CUSTOM ->
              throw new InputException(
                  "A dataset of type \"%s\" cannot be read here; export the images to a folder and set dataset.type to imagefolder."
                      .formatted(dataset.type().jsonName()));
        };
    try {
      ClassLabels.requireCount(images, numClasses, location);
    } catch (InputException e) {
      images.close();
      throw e;
    }
    return dataset.exifOrientation() ? images : new AsStoredImages(images);
  }
}
