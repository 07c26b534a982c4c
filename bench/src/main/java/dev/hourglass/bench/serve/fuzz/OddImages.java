package dev.hourglass.bench.serve.fuzz;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Image files, most of them broken or of the wrong size; each character is a byte. */
final class OddImages {

  /** Where a PNG's head has its width: behind the signature, a length and a name. */
  private static final int WIDTH_AT = 16;

  private static final int HEAD_END = 29;

  private OddImages() {}

  /** A right one. */
  static String png(int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, (x * 31 + y * 17) * 0x010305);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** Most likely a wrong one. */
  static String odd(Chance chance, FuzzTarget target) {
    String png = png(target.height(), target.width());
    return switch (chance.below(8)) {
      case 0 -> "";
      case 1 -> chance.bytes(100);
      case 2 -> png.substring(0, chance.below(png.length()));
      case 3 -> flipped(png, chance);
      case 4 -> png(1, 1);
      case 5 -> giant(png);
      case 6 -> "<svg xmlns='http://www.w3.org/2000/svg'/>";
      default -> png;
    };
  }

  private static String flipped(String png, Chance chance) {
    int at = chance.below(png.length());
    return png.substring(0, at) + (char) chance.below(256) + png.substring(at + 1);
  }

  /** Its head promises thousands of millions of pixels; head and checksum agree. */
  private static String giant(String png) {
    String size = "\0\0\u00f0\0\0\0\u00f0\0";
    String head = png.substring(WIDTH_AT - 4, WIDTH_AT) + size;
    head += png.substring(WIDTH_AT + size.length(), HEAD_END);
    CRC32 crc = new CRC32();
    crc.update(head.getBytes(StandardCharsets.ISO_8859_1));
    StringBuilder sum = new StringBuilder();
    for (int shift = 24; shift >= 0; shift -= 8) {
      sum.append((char) (crc.getValue() >> shift & 0xff));
    }
    return png.substring(0, WIDTH_AT - 4) + head + sum + png.substring(HEAD_END + 4);
  }

  /** As a JSON string. */
  static String base64(String bytes) {
    return '"'
        + Base64.getEncoder().encodeToString(bytes.getBytes(StandardCharsets.ISO_8859_1))
        + '"';
  }
}
