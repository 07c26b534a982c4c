package dev.hourglass.data.image.blocks;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/**
 * Numbers in the first directory of a TIFF or BigTIFF file; EXIF data have the same form. Damaged
 * directories have no numbers.
 */
public final class TiffTags {

  private static final int BIG_TIFF = 43;
  private static final int SHORT = 3;

  private final byte[] tiff;

  public TiffTags(byte[] tiff) {
    this.tiff = tiff;
  }

  /** The first 16-bit value of a tag. */
  public OptionalInt first(int tag) {
    try {
      return find(ByteBuffer.wrap(tiff), tag);
    } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException e) {
      return OptionalInt.empty();
    } catch (IndexOutOfBoundsException e) {
      return OptionalInt.empty();
    }
  }

  private static OptionalInt find(ByteBuffer tiff, int wanted) {
    tiff.order(tiff.getShort() == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    boolean isBig = tiff.getShort() == BIG_TIFF;
    if (isBig) {
      tiff.getInt(); // The size of an offset, 8, and two bytes of nothing.
    }
    tiff.position(offset(tiff, isBig));
    long entries = isBig ? tiff.getLong() : tiff.getShort() & 0xFFFF;
    for (long i = 0; i < entries; i++) {
      int tag = tiff.getShort() & 0xFFFF;
      int type = tiff.getShort();
      long count = isBig ? tiff.getLong() : tiff.getInt() & 0xFFFFFFFFL;
      int at = tiff.position();
      int field = isBig ? Long.BYTES : Integer.BYTES;
      if (tag == wanted) {
        if (type != SHORT || count < 1) {
          return OptionalInt.empty();
        }
        int value = count <= field / Short.BYTES ? at : offset(tiff, isBig);
        return OptionalInt.of(tiff.getShort(value) & 0xFFFF);
      }
      tiff.position(at + field);
    }
    return OptionalInt.empty();
  }

  private static int offset(ByteBuffer tiff, boolean isBig) {
    return Math.toIntExact(isBig ? tiff.getLong() : tiff.getInt());
  }
}
