package dev.hourglass.data.image;

import dev.hourglass.data.image.blocks.PngChunks;
import java.io.IOException;
import java.util.Optional;

/**
 * PNG. {@code gAMA} and {@code cHRM} are not applied, as hardly any program does; {@code cICP} goes
 * before {@code iCCP}, as the specification says.
 */
final class PngDecoder implements FormatDecoder {

  private final ImageIoReader reader = ImageIoReader.ofJdk("png");

  @Override
  public Picture decode(byte[] file, PixelMemory.Share memory) throws IOException {
    PngChunks chunks = new PngChunks(file);
    Optional<byte[]> cicp = chunks.content(PngChunks.CICP);
    Optional<CodedColours> coded =
        cicp.isPresent() ? CodedColours.of(cicp.get()) : Optional.empty();
    Optional<byte[]> icc =
        coded.map(colours -> colours.profile(chunks.colourComponents())).or(chunks::icc);
    Orientation orientation =
        chunks.content(PngChunks.EXIF).map(Orientation::ofExif).orElse(Orientation.NORMAL);
    return new Picture(
        reader.readFirst(chunks.withEnd(), memory), icc.flatMap(ColourProfile::of), orientation);
  }
}
