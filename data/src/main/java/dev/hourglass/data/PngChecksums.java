package dev.hourglass.data;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Tells whether a PNG file is whole, by the checksum that each of its chunks ends with (PNG
 * specification, section 5.3). The JDK's decoder does not look at them and turns damaged rows into
 * black ones without a word.
 */
final class PngChecksums {

  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int IMAGE_DATA = 0x49444154; // IDAT
  private static final int PALETTE = 0x504C5445; // PLTE
  private static final int HEADER = 0x49484452; // IHDR
  private static final int END = 0x49454E44; // IEND

  private PngChecksums() {}

  static void require(String name, byte[] file) throws CorruptImageException {
    ByteBuffer png = ByteBuffer.wrap(file);
    if (png.remaining() < Long.BYTES || png.getLong() != SIGNATURE) {
      return;
    }
    while (png.remaining() >= 12) {
      int length = png.getInt();
      int start = png.position();
      int type = png.getInt();
      if (length < 0 || length > png.remaining() - 4) {
        break;
      }
      png.position(start + 4 + length);
      CRC32 crc = new CRC32();
      crc.update(file, start, 4 + length);
      if (png.getInt() != (int) crc.getValue() && isNeeded(type)) {
        throw new CorruptImageException(name, "a checksum in the PNG file is wrong");
      }
      if (type == END) {
        return;
      }
    }
    throw new CorruptImageException(name, "the PNG file is cut short or overwritten");
  }

  /** Other chunks hold no pixels, and a wrong checksum there harms nobody. */
  private static boolean isNeeded(int type) {
    return type == HEADER || type == PALETTE || type == IMAGE_DATA || type == END;
  }
}
