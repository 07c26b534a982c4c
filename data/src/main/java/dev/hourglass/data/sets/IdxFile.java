package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * An idx file of unsigned bytes, in memory: an array of any number of dimensions.
 *
 * @param content the file with its header
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record IdxFile(Path path, int[] shape, ByteBuffer content) {

  private static final int UNSIGNED_BYTES = 0x08;

  /**
   * Reads a file, packed or not.
   *
   * @throws InputException if it is damaged, cut short, or holds no unsigned bytes
   */
  static IdxFile read(Path path) {
    ByteBuffer content = ByteBuffer.wrap(Locations.read(path));
    int dimensions = content.capacity() < 4 ? 0 : content.get(3) & 0xFF;
    if (content.capacity() < 4 * (1 + Math.max(1, dimensions)) && isIdxSoFar(content)) {
      throw new InputException(
          "%s is cut short: its %d bytes are less than the header of an idx file; fetch it again."
              .formatted(path, content.capacity()));
    }
    if (content.getShort(0) != 0 || dimensions == 0) {
      throw new InputException(
          "%s is no idx file: it begins with 0x%08x; check the file."
              .formatted(path, content.getInt(0)));
    }
    if (content.get(2) != UNSIGNED_BYTES) {
      throw new InputException(
          "%s holds %s, where unsigned bytes from 0 to 255 are needed; write it in those."
              .formatted(path, type(content.get(2))));
    }
    int[] shape = new int[dimensions];
    content.position(4).asIntBuffer().get(shape);
    long expected = 4L * (1 + dimensions) + elements(shape);
    if (content.capacity() != expected) {
      throw new InputException(
          "%s is %s: it has %d bytes where its header tells of %d; fetch it again."
              .formatted(
                  path,
                  content.capacity() < expected ? "cut short" : "too long",
                  content.capacity(),
                  expected));
    }
    return new IdxFile(path, shape, content.position(0));
  }

  private static boolean isIdxSoFar(ByteBuffer content) {
    return content.capacity() < 4 || content.getShort(0) == 0;
  }

  /** Exact as long as a file could hold them; more than any file beyond, but never an overflow. */
  private static long elements(int[] shape) {
    double count =
        Arrays.stream(shape).mapToDouble(Integer::toUnsignedLong).reduce(1, (a, b) -> a * b);
    return (long) Math.min(count, 1L << 60);
  }

  private static String type(byte code) {
    return switch (code) {
      case 0x09 -> "signed bytes";
      case 0x0B -> "16-bit integers";
      case 0x0C -> "32-bit integers";
      case 0x0D -> "32-bit floats";
      case 0x0E -> "64-bit floats";
      default -> "samples of the unknown type 0x%02x".formatted(code);
    };
  }

  /** The sizes as {@code 60000 x 28 x 28}. */
  String shapeText() {
    return Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
  }

  /** Copies elements that follow one another, in row-major order. */
  byte[] bytes(int from, int length) {
    byte[] bytes = new byte[length];
    content.get(4 * (1 + shape.length) + from, bytes);
    return bytes;
  }
}
