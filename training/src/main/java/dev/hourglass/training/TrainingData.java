package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.data.sets.ImageDataset;
import dev.hourglass.data.sets.ImageVectors;
import java.nio.file.Path;

/**
 * What a run trains on: images, and a vector for each where the model wants one. Owns the images:
 * close it.
 */
public record TrainingData(ImageDataset images, ImageVectors vectors) implements AutoCloseable {

  /** Images without vectors, for models with {@code mapping_cond_dim} 0. */
  public static TrainingData of(ImageDataset images) {
    return new TrainingData(images, ImageVectors.none(images));
  }

  /**
   * Opens what a config describes.
   *
   * @param location where the images are; the config's own is not looked at
   * @throws dev.hourglass.core.InputException if there is nothing there, or not what the config
   *     says
   */
  public static TrainingData open(Config config, Path location) {
    ImageDataset images = ImageDataset.open(config.dataset(), location);
    int dimension = config.model().mappingCondDim();
    return dimension == 0
        ? of(images)
        : new TrainingData(images, ImageVectors.read(images, location, dimension));
  }

  @Override
  public void close() {
    images.close();
  }
}
