package dev.hourglass.sampling;

import dev.hourglass.core.InputException;
import java.awt.image.BufferedImage;
import java.util.OptionalInt;

/**
 * One drawn image.
 *
 * @param index its index among the images of its seed
 * @param classNumber its class, if the model has classes
 * @param finite whether all of its values are numbers; those that are not are arbitrary pixels
 */
public record GeneratedImage(
    long index, OptionalInt classNumber, BufferedImage image, boolean finite) {

  /**
   * Refuses an image that is none.
   *
   * @throws InputException if some of its values are no numbers
   */
  public void requireFinite() {
    if (!finite) {
      throw new InputException(
          "Image %d comes out with values that are no numbers; choose less extreme settings of the"
                  .formatted(index)
              + " sampler, or another model.");
    }
  }
}
