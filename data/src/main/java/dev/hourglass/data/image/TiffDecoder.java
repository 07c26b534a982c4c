package dev.hourglass.data.image;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import dev.hourglass.data.image.blocks.TiffTags;
import dev.hourglass.data.image.blocks.UnreadableException;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageReader;

/**
 * TIFF: the first page. The reader would cut floating-point samples off at 1 and take CIE L*a*b*
 * for something else, so of these it gives us the samples alone.
 */
final class TiffDecoder implements FormatDecoder {

  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int SAMPLE_FORMAT = 339;

  private static final int FLOATING_POINT = 3;
  private static final int BLACK_IS_ZERO = 1;
  private static final int RGB = 2;
  private static final int ITU_LAB = 10;

  /** LZMA, Zstandard, WebP, JPEG 2000, LERC: libtiff has them, no library of Java's. */
  private static final List<Integer> UNKNOWN_COMPRESSIONS =
      List.of(34925, 50000, 50001, 34712, 34887);

  private final ImageIoReader reader = ImageIoReader.of(TIFFImageReaderSpi.class);

  @Override
  public Picture decode(byte[] file, PixelMemory.Share memory) throws IOException {
    TiffTags tags = new TiffTags(file);
    OptionalInt compression = tags.first(COMPRESSION);
    if (compression.isPresent() && UNKNOWN_COMPRESSIONS.contains(compression.getAsInt())) {
      throw new UnreadableException(
          "its TIFF compression (%d) has no decoder here; save it with LZW, Deflate or none"
              .formatted(compression.getAsInt()));
    }
    int photometric = tags.first(PHOTOMETRIC).orElse(RGB);
    boolean isFloat = tags.first(SAMPLE_FORMAT).orElse(1) == FLOATING_POINT;
    BufferedImage image;
    if (photometric == CieLab.SIGNED || photometric == CieLab.OFFSET) {
      image = CieLab.toSrgb(reader.read(file, r -> samples(r, memory)), photometric);
    } else if (photometric == ITU_LAB) {
      throw new UnreadableException("its colours are ITU L*a*b*; save it as sRGB");
    } else if (isFloat && (photometric == BLACK_IS_ZERO || photometric == RGB)) {
      image =
          reader.read(
              file,
              r ->
                  new BufferedImage(
                      r.getRawImageType(0).getColorModel(), samples(r, memory), false, null));
    } else {
      List<String> warnings = new ArrayList<>();
      image = reader.readFirst(file, memory, warnings);
      if (warnings.stream().anyMatch(JpegDecoder.DAMAGE.asMatchPredicate())) {
        throw new UnreadableException("the JPEG data in the TIFF file are damaged");
      }
    }
    return new Picture(image, Optional.empty(), Orientation.ofExif(file));
  }

  private static WritableRaster samples(ImageReader reader, PixelMemory.Share memory)
      throws IOException {
    memory.take(reader.getWidth(0), reader.getHeight(0));
    return (WritableRaster) reader.readRaster(0, null);
  }
}
