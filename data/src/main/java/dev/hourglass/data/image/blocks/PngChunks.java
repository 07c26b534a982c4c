package dev.hourglass.data.image.blocks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The chunks of a PNG file (PNG specification, sections 5 and 11). Tells whether the file is whole:
 * the JDK's decoder looks at no checksum and turns damaged rows into black ones without a word.
 */
public final class PngChunks {

  public static final int ICC = 0x69434350; // iCCP
  public static final int CICP = 0x63494350; // cICP
  public static final int EXIF = 0x65584966; // eXIf

  private static final int HEADER = 0x49484452; // IHDR
  private static final int PALETTE = 0x504C5445; // PLTE
  private static final int TRANSPARENCY = 0x74524E53; // tRNS
  private static final int IMAGE_DATA = 0x49444154; // IDAT
  private static final int END = 0x49454E44; // IEND
  private static final byte[] END_CHUNK = {0, 0, 0, 0, 'I', 'E', 'N', 'D', -82, 66, 96, -126};
  private static final int SIGNATURE_LENGTH = 8;

  /** Profiles have some kilobytes, seldom megabytes; what unpacks to more is no profile. */
  private static final int MAX_PROFILE = 1 << 24;

  private final byte[] file;
  private final List<Chunk> chunks = new ArrayList<>();
  private boolean hasEnd;

  private record Chunk(int type, int start, int length, boolean intact) {

    int next() {
      return start + length + Integer.BYTES;
    }
  }

  /**
   * Reads the chunks.
   *
   * @throws UnreadableException if pixels are missing or damaged
   */
  public PngChunks(byte[] file) throws UnreadableException {
    this.file = file;
    ByteBuffer png = ByteBuffer.wrap(file).position(SIGNATURE_LENGTH);
    while (!hasEnd && png.remaining() >= 12) {
      int length = png.getInt();
      int start = png.position() + Integer.BYTES;
      int type = png.getInt();
      if (length < 0 || length > png.remaining() - Integer.BYTES) {
        break;
      }
      CRC32 crc = new CRC32();
      crc.update(file, start - Integer.BYTES, Integer.BYTES + length);
      boolean intact = png.getInt(start + length) == (int) crc.getValue();
      if (!intact && isNeeded(type)) {
        throw new UnreadableException("a checksum in the PNG file is wrong");
      }
      Chunk chunk = new Chunk(type, start, length, intact);
      chunks.add(chunk);
      png.position(chunk.next());
      hasEnd = type == END;
    }
    if (!hasEnd) {
      requireAllPixels();
    }
  }

  /** Other chunks hold no pixels, and a wrong checksum there harms nobody. */
  private static boolean isNeeded(int type) {
    return type == HEADER
        || type == PALETTE
        || type == TRANSPARENCY
        || type == IMAGE_DATA
        || type == END;
  }

  /**
   * The checksums do not tell whether a whole chunk is gone; the end of the packed stream does.
   * With an end chunk this is left to the decoder, which fails when rows are missing.
   */
  private void requireAllPixels() throws UnreadableException {
    Inflater inflater = new Inflater();
    try {
      byte[] rows = new byte[1 << 16];
      for (Chunk chunk : chunks) {
        if (chunk.type == IMAGE_DATA && !inflater.finished()) {
          inflater.setInput(file, chunk.start, chunk.length);
          while (!inflater.finished() && !inflater.needsInput()) {
            inflater.inflate(rows);
          }
        }
      }
      if (!inflater.finished()) {
        throw new UnreadableException("the PNG file is cut short or overwritten");
      }
    } catch (DataFormatException e) {
      throw new UnreadableException("the pixels in the PNG file are damaged", e);
    } finally {
      inflater.end();
    }
  }

  /** The file with an end chunk, without what follows it. */
  public byte[] withEnd() {
    if (hasEnd) {
      return file;
    }
    int end = chunks.getLast().next();
    byte[] whole = Arrays.copyOf(file, end + END_CHUNK.length);
    System.arraycopy(END_CHUNK, 0, whole, end, END_CHUNK.length);
    return whole;
  }

  /** Samples of a colour that is no palette's index: 1 or 3, without alpha. */
  public int colourComponents() {
    int colourType = file[chunks.getFirst().start + 9];
    return (colourType & 2) == 0 ? 1 : 3;
  }

  /** The content of the first chunk of a type, if there is one and its checksum is right. */
  public Optional<byte[]> content(int type) {
    return chunks.stream()
        .filter(chunk -> chunk.type == type && chunk.intact)
        .findFirst()
        .map(chunk -> Arrays.copyOfRange(file, chunk.start, chunk.start + chunk.length));
  }

  /** The ICC profile: a name that ends with 0, the method of packing (0) and the packed profile. */
  public Optional<byte[]> icc() {
    return content(ICC).flatMap(PngChunks::unpackProfile);
  }

  private static Optional<byte[]> unpackProfile(byte[] chunk) {
    int name = 0;
    while (name < chunk.length && chunk[name] != 0) {
      name++;
    }
    Inflater inflater = new Inflater();
    try {
      int packed = Math.min(name + 2, chunk.length);
      inflater.setInput(chunk, packed, chunk.length - packed);
      ByteArrayOutputStream profile = new ByteArrayOutputStream();
      byte[] part = new byte[1 << 12];
      int length;
      while (profile.size() < MAX_PROFILE && (length = inflater.inflate(part)) > 0) {
        profile.write(part, 0, length);
      }
      return Optional.of(profile.toByteArray());
    } catch (DataFormatException e) {
      return Optional.empty();
    } finally {
      inflater.end();
    }
  }
}
