package dev.hourglass.data.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import dev.hourglass.data.image.blocks.JpegSegments;
import dev.hourglass.data.image.blocks.UnreadableException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JPEG through libjpeg, which fills what is missing with gray and says no more than a warning. So
 * the warnings are what tells whole files from cut ones: a file without its end marker is given
 * one, and then libjpeg warns if, and only if, it ran out of data before the last pixel.
 */
final class JpegDecoder implements FormatDecoder {

  /** What libjpeg says of pixels that are missing or wrong. */
  static final Pattern DAMAGE =
      Pattern.compile("Corrupt JPEG data.*|Premature end.*|Inconsistent progression.*");

  private static final Pattern LEFT_OVER =
      Pattern.compile("Corrupt JPEG data: (\\d+) extraneous bytes before marker 0xd9");

  /** How many of the zeros at a file's end may belong to the last pixels. */
  private static final int ZEROS_IN_DATA = 2;

  private final ImageIoReader reader = ImageIoReader.of(JPEGImageReaderSpi.class);

  @Override
  public Picture decode(byte[] file, PixelMemory.Share memory) throws IOException {
    JpegSegments segments = new JpegSegments(file);
    if (!segments.hasEndMarker() && !segments.hasAllScans()) {
      throw cutShort();
    }
    List<String> warnings = new ArrayList<>();
    BufferedImage image =
        reader.readFirst(segments.hasEndMarker() ? file : withEndMarker(file), memory, warnings);
    int leftOver = 0;
    for (String warning : warnings) {
      Matcher extraneous = LEFT_OVER.matcher(warning);
      if (extraneous.matches()) {
        leftOver = Integer.parseInt(extraneous.group(1));
        requirePadding(file, segments.end(), leftOver, warning);
      } else if (DAMAGE.matcher(warning).matches()) {
        throw new UnreadableException("the file is damaged or cut short (" + warning + ")");
      }
    }
    if (!segments.hasEndMarker() && zerosAtEnd(file) - leftOver > ZEROS_IN_DATA) {
      throw cutShort();
    }
    // Colour is converted by the reader; gray is not.
    Optional<ColourProfile> profile =
        image.getColorModel().getNumColorComponents() == 1
            ? segments.icc().flatMap(ColourProfile::of)
            : Optional.empty();
    Orientation orientation = segments.exif().map(Orientation::ofExif).orElse(Orientation.NORMAL);
    return new Picture(image, profile, orientation);
  }

  private static UnreadableException cutShort() {
    return new UnreadableException("the file is cut short");
  }

  private static byte[] withEndMarker(byte[] file) {
    byte[] whole = Arrays.copyOf(file, file.length + 2);
    whole[file.length] = (byte) 0xFF;
    whole[file.length + 1] = (byte) 0xD9;
    return whole;
  }

  /** After damage pixels come too early or too late; bytes left over are the sign of the former. */
  private static void requirePadding(byte[] file, int end, int leftOver, String warning)
      throws UnreadableException {
    for (int i = Math.max(end - leftOver, 0); i < end; i++) {
      if (file[i] != 0 && file[i] != (byte) 0xFF) {
        throw new UnreadableException("the file is damaged (" + warning + ")");
      }
    }
  }

  /** What is left of a download for which room was made beforehand ends with zeros. */
  private static int zerosAtEnd(byte[] file) {
    int first = file.length;
    while (first > 0 && file[first - 1] == 0) {
      first--;
    }
    return file.length - first;
  }
}
