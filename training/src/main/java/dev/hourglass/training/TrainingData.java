package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.data.HeldOut;
import dev.hourglass.data.SubsetImages;
import dev.hourglass.data.sets.ImageDataset;
import dev.hourglass.data.sets.ImageVectors;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a run trains on: images, and a vector for each where the model wants one. Owns the images:
 * close it.
 *
 * @param heldOut other images, to validate on
 */
public record TrainingData(
    ImageDataset images, ImageVectors vectors, Optional<TrainingData> heldOut)
    implements AutoCloseable {

  /** Images that are all trained on. */
  public TrainingData(ImageDataset images, ImageVectors vectors) {
    this(images, vectors, Optional.empty());
  }

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

  /** The same images, with others to validate on, which it then owns. */
  public TrainingData withHeldOut(TrainingData others) {
    return new TrainingData(images, vectors, Optional.of(others));
  }

  /**
   * Holds out a share of the images: always the same, see {@link HeldOut}.
   *
   * @throws dev.hourglass.core.InputException if one side would be empty
   */
  public TrainingData holdingOut(double share) {
    HeldOut parts = HeldOut.of(images.size(), share);
    return part(parts.training()).withHeldOut(part(parts.heldOut()));
  }

  private TrainingData part(int... indices) {
    return new TrainingData(new SubsetImages(images, indices), vectors.of(indices));
  }

  @Override
  public void close() {
    heldOut.ifPresent(TrainingData::close);
    images.close();
  }
}
