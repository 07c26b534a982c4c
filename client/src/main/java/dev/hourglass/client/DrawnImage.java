package dev.hourglass.client;

import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A finished image.
 *
 * @param index among the images of its seed
 * @param seed it is drawn from
 * @param classNumber from 0; empty for a model without classes
 * @param className empty for a model without classes
 * @param height pixels
 * @param width pixels
 * @param file the PNG file
 * @param settings it is drawn with, as the file's text chunk {@code hourglass} says them: the same
 *     settings give the same image
 */
public record DrawnImage(
    long index,
    long seed,
    OptionalInt classNumber,
    Optional<String> className,
    int height,
    int width,
    PngImage file,
    Map<String, Object> settings) {

  public DrawnImage {
    settings = Map.copyOf(settings);
  }

  /** The bytes of the PNG file. */
  public byte[] png() {
    return file.bytes();
  }

  /** The pixels. */
  public BufferedImage image() {
    return file.pixels();
  }
}
