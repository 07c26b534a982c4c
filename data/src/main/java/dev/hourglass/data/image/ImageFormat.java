package dev.hourglass.data.image;

import com.twelvemonkeys.imageio.plugins.pnm.PNMImageReaderSpi;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A format that is read.
 *
 * @param extensions how its files are named
 * @param signature whether a file's first bytes, as Latin-1 characters, are those of the format
 */
record ImageFormat(List<String> extensions, Predicate<String> signature, FormatDecoder decoder) {

  static final List<ImageFormat> ALL =
      List.of(
          new ImageFormat(
              List.of("png", "apng"),
              content -> content.startsWith("\u0089PNG\r\n\u001A\n"),
              new PngDecoder()),
          new ImageFormat(
              List.of("jpg", "jpeg", "jpe", "jfif"),
              content -> content.startsWith("\u00FF\u00D8\u00FF"),
              new JpegDecoder()),
          new ImageFormat(
              List.of("webp"),
              content -> content.startsWith("RIFF") && content.startsWith("WEBP", 8),
              new WebpDecoder()),
          new ImageFormat(
              List.of("bmp", "dib"),
              content -> content.startsWith("BM"),
              new PlainDecoder(ImageIoReader.ofJdk("bmp"))),
          new ImageFormat(
              List.of("gif"), content -> content.matches("(?s)GIF8[79]a.*"), new GifDecoder()),
          new ImageFormat(
              List.of("tif", "tiff"),
              content -> content.matches("(?s)(II[*+]\0|MM\0[*+]).*"),
              new TiffDecoder()),
          new ImageFormat(
              List.of("ppm", "pgm", "pbm", "pnm"),
              content -> content.matches("(?s)P[1-6]\\s.*"),
              new PlainDecoder(ImageIoReader.of(PNMImageReaderSpi.class))));

  private static final int LONGEST_SIGNATURE = 32;

  /** The format of a file by its content; its name may lie. */
  static Optional<ImageFormat> of(byte[] file) {
    String content = beginning(file);
    return ALL.stream().filter(format -> format.signature.test(content)).findFirst();
  }

  /** What a file in none of these formats is, as a clause. */
  static String describeOther(byte[] file) {
    String content = beginning(file);
    if (content.startsWith("ftyp", 4)) {
      String brand = content.substring(8, Math.min(12, content.length()));
      return "it is in a format without a decoder here (%s); convert it to PNG or JPEG"
          .formatted(brand.startsWith("avi") ? "AVIF" : "HEIF, brand \"" + brand.strip() + "\"");
    }
    if (content.startsWith("\u00FF\n") || content.startsWith("JXL ", 4)) {
      return "it is in a format without a decoder here (JPEG XL); convert it to PNG or JPEG";
    }
    if (content.startsWith("jP  ", 4) || content.startsWith("\u00FFO\u00FFQ")) {
      return "it is in a format without a decoder here (JPEG 2000); convert it to PNG or JPEG";
    }
    return "its content is in no image format known here";
  }

  private static String beginning(byte[] file) {
    int length = Math.min(file.length, LONGEST_SIGNATURE);
    return new String(file, 0, length, StandardCharsets.ISO_8859_1);
  }
}
