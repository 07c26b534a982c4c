package dev.hourglass.client;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** A PNG file in memory. Equal if all bytes are. */
public final class PngImage {

  private final byte[] bytes;

  /** Copies the bytes. */
  public PngImage(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /** A copy of the file's bytes, as they would lie on disk. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * The pixels.
   *
   * @throws UncheckedIOException if the bytes are no image
   */
  public BufferedImage pixels() {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      if (image == null) {
        throw new IOException("The bytes of the image are no PNG file.");
      }
      return image;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PngImage that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "PNG of " + bytes.length + " bytes";
  }
}
