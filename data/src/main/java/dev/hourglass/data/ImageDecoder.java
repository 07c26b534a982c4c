package dev.hourglass.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Encoded image files to {@link DecodedImage}, through ImageIO and its TwelveMonkeys plug-ins.
 *
 * <p>Alpha is blended over white, 16-bit samples are rounded to 8 bits, colour profiles other than
 * sRGB are converted, an animation gives its first frame. The EXIF orientation is ignored.
 */
final class ImageDecoder {

  /** Above this an image is refused before memory is taken for it. */
  private static final long MAX_PIXELS = 1L << 27;

  private static final List<String> CANDIDATES =
      List.of("png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff", "ppm");

  private static final List<String> EXTENSIONS;

  static {
    // Files are in memory already: a second copy on the disk would only cost time.
    ImageIO.setUseCache(false);
    EXTENSIONS =
        CANDIDATES.stream()
            .filter(extension -> ImageIO.getImageReadersBySuffix(extension).hasNext())
            .toList();
  }

  private ImageDecoder() {}

  /** The last part of a file name, in lower case and without the dot; empty if there is none. */
  static String extension(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot < 0 ? "" : fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** Whether a file of this name is an image that can be decoded here. */
  static boolean reads(String fileName) {
    return EXTENSIONS.contains(extension(fileName));
  }

  /** The extensions looked for, for messages: {@code .png, .jpg, ...}. */
  static String extensionList() {
    return EXTENSIONS.stream().map(extension -> "." + extension).collect(Collectors.joining(", "));
  }

  /**
   * Decodes one file.
   *
   * @param name the image's name, for errors
   * @param file the encoded file
   * @throws CorruptImageException if the decoder fails in any way, or reports missing data
   */
  static DecodedImage decode(String name, byte[] file) throws CorruptImageException {
    if (file.length == 0) {
      throw new CorruptImageException(name, "the file is empty");
    }
    PngChecksums.require(name, file);
    try (ImageInputStream stream = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new CorruptImageException(name, "its content is in no image format known here");
      }
      ImageReader reader = readers.next();
      try {
        return decode(name, reader, stream);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // Decoders answer damaged files with all kinds of exceptions, not with IOException alone.
      throw new CorruptImageException(name, "it cannot be decoded: " + Locations.reason(e), e);
    }
  }

  private static DecodedImage decode(String name, ImageReader reader, ImageInputStream stream)
      throws IOException, CorruptImageException {
    StringBuilder truncation = new StringBuilder();
    // A JPEG cut short is filled with gray, with no more than a warning.
    reader.addIIOReadWarningListener(
        (source, warning) -> {
          if (truncation.isEmpty() && tellsOfMissingData(warning)) {
            truncation.append(warning);
          }
        });
    reader.setInput(stream, true, true);
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels > MAX_PIXELS) {
      throw new CorruptImageException(
          name,
          "%d x %d pixels are more than the limit of %d"
              .formatted(reader.getWidth(0), reader.getHeight(0), MAX_PIXELS));
    }
    BufferedImage image = reader.read(0);
    if (!truncation.isEmpty()) {
      throw new CorruptImageException(name, "the file is cut short (" + truncation + ")");
    }
    return convert(image);
  }

  private static boolean tellsOfMissingData(String warning) {
    String lower = warning.toLowerCase(Locale.ROOT);
    return Stream.of("premature end", "truncated file", "unexpected end").anyMatch(lower::contains);
  }

  static DecodedImage convert(BufferedImage image) {
    ColorModel model = image.getColorModel();
    if (hasPlainBands(model)) {
      return fromBands(image.getRaster(), model.getNumColorComponents(), model.hasAlpha());
    }
    if (model instanceof IndexColorModel palette) {
      return fromArgb(image, isGray(palette) ? 1 : 3);
    }
    if (!model.getColorSpace().isCS_sRGB()) {
      BufferedImage converted =
          new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
      new ColorConvertOp(null).filter(image, converted);
      return fromArgb(converted, 3);
    }
    return fromArgb(image, 3);
  }

  /**
   * Whether the samples can be taken as they are. Gray must not go through {@code getRGB}, which
   * treats it as linear light and would brighten it.
   */
  private static boolean hasPlainBands(ColorModel model) {
    ColorSpace space = model.getColorSpace();
    int type = model.getTransferType();
    return model instanceof ComponentColorModel
        && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT)
        && !(model.hasAlpha() && model.isAlphaPremultiplied())
        && (space.isCS_sRGB() || space.getType() == ColorSpace.TYPE_GRAY);
  }

  private static boolean isGray(IndexColorModel palette) {
    for (int i = 0; i < palette.getMapSize(); i++) {
      if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
        return false;
      }
    }
    return true;
  }

  private static DecodedImage fromBands(Raster raster, int channels, boolean hasAlpha) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int[] max = new int[bands];
    for (int b = 0; b < bands; b++) {
      max[b] = (1 << raster.getSampleModel().getSampleSize(b)) - 1;
    }
    byte[] pixels = new byte[height * width * channels]; // [h, w, c]
    int[] row = new int[width * bands];
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int alpha = hasAlpha ? eightBits(row[x * bands + channels], max[channels]) : 255;
        for (int c = 0; c < channels; c++) {
          pixels[(y * width + x) * channels + c] =
              overWhite(eightBits(row[x * bands + c], max[c]), alpha);
        }
      }
    }
    return new DecodedImage(height, width, channels, pixels);
  }

  private static DecodedImage fromArgb(BufferedImage image, int channels) {
    int height = image.getHeight();
    int width = image.getWidth();
    byte[] pixels = new byte[height * width * channels]; // [h, w, c]
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int argb = row[x];
        int at = (y * width + x) * channels;
        for (int c = 0; c < channels; c++) {
          pixels[at + c] = overWhite((argb >> (16 - 8 * c)) & 0xFF, argb >>> 24);
        }
      }
    }
    return new DecodedImage(height, width, channels, pixels);
  }

  private static int eightBits(int sample, int max) {
    return max == 255 ? sample : (int) ((sample * 255L + max / 2) / max);
  }

  private static byte overWhite(int sample, int alpha) {
    return (byte) ((sample * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}
