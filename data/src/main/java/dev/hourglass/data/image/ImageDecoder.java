package dev.hourglass.data.image;

import dev.hourglass.data.image.blocks.UnreadableException;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Encoded image files to {@link DecodedImage}.
 *
 * <p>The content tells the format, not the name. Colours are converted to sRGB by the file's
 * profile, alpha is blended over white, samples of other sizes are rounded to 8 bits, an animation
 * gives its first frame on its whole canvas, and the picture is turned as its EXIF data say. A file
 * that does not hold every pixel is refused; one that lacks its end marker alone is not.
 */
public final class ImageDecoder {

  private static final List<String> EXTENSIONS =
      ImageFormat.ALL.stream().flatMap(format -> format.extensions().stream()).toList();

  private ImageDecoder() {}

  /** The last part of a file name, in lower case and without the dot; empty if there is none. */
  public static String extension(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot < 0 ? "" : fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** Whether a file of this name is an image that can be decoded here. */
  public static boolean reads(String fileName) {
    return EXTENSIONS.contains(extension(fileName));
  }

  /** The extensions looked for, for messages: {@code .png, .jpg, ...}. */
  public static String extensionList() {
    return EXTENSIONS.stream().map(extension -> "." + extension).collect(Collectors.joining(", "));
  }

  /**
   * Decodes one file.
   *
   * @param name the image's name, for errors
   * @param file the encoded file
   * @throws CorruptImageException if the file is damaged, cut short, too large for the memory or in
   *     no format known here
   */
  public static DecodedImage decode(String name, byte[] file) throws CorruptImageException {
    return decode(name, file, PixelMemory.OF_HEAP);
  }

  static DecodedImage decode(String name, byte[] file, PixelMemory memory)
      throws CorruptImageException {
    if (file.length == 0) {
      throw new CorruptImageException(name, "the file is empty");
    }
    FormatDecoder decoder =
        ImageFormat.of(file)
            .orElseThrow(() -> new CorruptImageException(name, ImageFormat.describeOther(file)))
            .decoder();
    try (PixelMemory.Share share = memory.share()) {
      try {
        Picture picture = decoder.decode(file, share);
        return picture.orientation().upright(SrgbPixels.of(picture));
      } catch (OutOfMemoryError e) {
        throw new CorruptImageException(name, share.outOfMemory(), e);
      }
    } catch (UnreadableException e) {
      throw new CorruptImageException(name, e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      // Decoders answer damaged files with all kinds of exceptions, not with IOException alone.
      throw new CorruptImageException(name, reason(e), e);
    }
  }

  private static String reason(Exception thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException) {
        return "the file is cut short";
      }
    }
    String message = thrown.getMessage();
    return thrown instanceof RuntimeException || message == null || message.isBlank()
        ? "the file is damaged or cut short (%s)".formatted(thrown.getClass().getSimpleName())
        : "it cannot be decoded: " + message.strip().replaceAll("\\s+", " ");
  }
}
