package dev.hourglass.client;

import java.util.Comparator;
import java.util.List;

/**
 * The answer to a request.
 *
 * @param id of the request
 * @param model that drew
 * @param seed as asked for, or as the server chose it
 * @param images in order of their index
 * @param evaluations of the network, as the server counts them
 * @param seconds from the request's arrival to its end
 * @param waited seconds of those before the first step
 */
public record Drawn(
    String id,
    String model,
    long seed,
    List<DrawnImage> images,
    long evaluations,
    double seconds,
    double waited) {

  /** Sorts the images. */
  public Drawn {
    images = images.stream().sorted(Comparator.comparingLong(DrawnImage::index)).toList();
  }

  /**
   * The only image.
   *
   * @throws IllegalStateException if there is another number of images
   */
  public DrawnImage image() {
    if (images.size() != 1) {
      throw new IllegalStateException("There are " + images.size() + " images, not one.");
    }
    return images.getFirst();
  }
}
