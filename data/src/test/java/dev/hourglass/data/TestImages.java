package dev.hourglass.data;

import dev.hourglass.data.image.DecodedImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Small images and the files that hold them. */
public final class TestImages {

  private TestImages() {}

  /** One colour all over. */
  public static BufferedImage flat(int height, int width, int rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  /** An image whose every pixel differs from its neighbours and from those of other seeds. */
  public static DecodedImage pattern(int height, int width, int channels, int seed) {
    byte[] pixels = new byte[height * width * channels];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 37 + seed * 101 + (i / 7) * 13);
    }
    return new DecodedImage(height, width, channels, pixels);
  }

  public static byte[] encode(BufferedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalStateException("no encoder of " + format);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  public static byte[] png(int height, int width, int rgb) {
    return encode(flat(height, width, rgb), "png");
  }

  public static Path write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  public static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream packed = new GZIPOutputStream(bytes)) {
      packed.write(content);
    }
    return bytes.toByteArray();
  }

  public static byte[] resource(String name) {
    try (InputStream stream = TestImages.class.getResourceAsStream(name)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes a tar file of entries given as name, content, name, content ... */
  public static byte[] tar(Object... namesAndContents) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (int i = 0; i < namesAndContents.length; i += 2) {
        byte[] content = (byte[]) namesAndContents[i + 1];
        TarArchiveEntry entry = new TarArchiveEntry((String) namesAndContents[i], true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** The sample of one pixel, 0 to 255. */
  public static int at(DecodedImage image, int y, int x, int channel) {
    return image.pixels()[(y * image.width() + x) * image.channels() + channel] & 0xFF;
  }
}
