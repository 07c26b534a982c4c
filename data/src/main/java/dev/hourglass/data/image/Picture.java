package dev.hourglass.data.image;

import java.awt.image.BufferedImage;
import java.util.Optional;

/**
 * What a file holds, before colours are converted and the picture is turned.
 *
 * @param image the samples as they are stored
 * @param profile what colours they stand for, where the image's own colour model does not tell;
 *     sRGB (or gray with its curve) without one
 * @param orientation how to turn the picture upright
 */
record Picture(BufferedImage image, Optional<ColourProfile> profile, Orientation orientation) {

  static Picture of(BufferedImage image) {
    return new Picture(image, Optional.empty(), Orientation.NORMAL);
  }
}
