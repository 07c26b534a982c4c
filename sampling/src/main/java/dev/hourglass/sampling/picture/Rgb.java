package dev.hourglass.sampling.picture;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;

/** Pictures in plain red, green and blue, as writers of animations take them. */
final class Rgb {

  private Rgb() {}

  /** A copy; gray values stay what they are, which {@code getRGB} would make brighter. */
  static BufferedImage copy(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    BufferedImage copy = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    if (image.getRaster().getNumBands() > 1) {
      copy.setRGB(0, 0, width, height, image.getRGB(0, 0, width, height, null, 0, width), 0, width);
      return copy;
    }
    Raster gray = image.getRaster();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        copy.setRGB(x, y, gray.getSample(x, y, 0) * 0x010101);
      }
    }
    return copy;
  }
}
