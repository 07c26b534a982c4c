package dev.hourglass.serve.request;

import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Image files that came with a request.
 *
 * @param images to start from
 * @param mask where to draw anew
 */
public record Uploads(List<byte[]> images, Optional<byte[]> mask) {

  public static final Uploads NONE = new Uploads(List.of(), Optional.empty());

  public Uploads {
    images = List.copyOf(images);
  }

  /**
   * The bytes of base64 text, of a {@code data:} URL too.
   *
   * @throws InputException that names the member, if it is none
   */
  static byte[] ofBase64(String member, String text) {
    String plain = text.startsWith("data:") ? text.substring(text.indexOf(',') + 1) : text;
    try {
      return Base64.getDecoder().decode(plain.replaceAll("\\s+", ""));
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "%s is not base64 (%s); send the bytes of an image file in base64."
              .formatted(member, e.getMessage()),
          e);
    }
  }

  /**
   * Decodes an image file.
   *
   * @throws InputException that names the member, if it cannot be read or is of another size
   */
  static DecodedImage decode(String member, byte[] file, Size size) {
    DecodedImage image;
    try {
      image = ImageDecoder.decode(member, file);
    } catch (CorruptImageException e) {
      throw new InputException(
          "%s cannot be read (%s); send another image.".formatted(member, e.reason()), e);
    }
    if (image.height() != size.height() || image.width() != size.width()) {
      throw new InputException(
          "%s is %dx%d, but must be %s; resize or crop the image first."
              .formatted(member, image.height(), image.width(), size));
    }
    return image;
  }
}
