package dev.hourglass.torchfile;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The arguments of a pickle's opcodes; nothing is allocated that the pickle does not hold. */
final class PickleInput {

  private static final int MAX_LONG_BYTES = 255;

  private final ByteBuffer bytes;

  PickleInput(ByteBuffer bytes) {
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Where the next byte stands. */
  int position() {
    return bytes.position();
  }

  /**
   * One byte.
   *
   * @throws BufferUnderflowException as all methods here, if the pickle ends before
   */
  int unsignedByte() {
    return Byte.toUnsignedInt(bytes.get());
  }

  int unsignedShort() {
    return Short.toUnsignedInt(bytes.getShort());
  }

  int signedInt() {
    return bytes.getInt();
  }

  long unsignedInt() {
    return Integer.toUnsignedLong(bytes.getInt());
  }

  long signedLong() {
    return bytes.getLong();
  }

  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()));
  }

  void skip(long count) {
    bytes.position(bytes.position() + length(count));
  }

  /** A Long, or a BigInteger if 64 bits do not hold it. */
  Number integer(long count) {
    if (count > MAX_LONG_BYTES) {
      throw new IllegalArgumentException("a number of %d bytes".formatted(count));
    }
    byte[] littleEndian = array(count);
    byte[] value = new byte[littleEndian.length + 1];
    for (int i = 0; i < littleEndian.length; i++) {
      value[value.length - 1 - i] = littleEndian[i];
    }
    boolean negative = littleEndian.length > 0 && littleEndian[littleEndian.length - 1] < 0;
    value[0] = (byte) (negative ? -1 : 0);
    BigInteger number = new BigInteger(value);
    if (number.bitLength() < Long.SIZE) {
      return number.longValue();
    }
    return number;
  }

  /** Text of a number of bytes. */
  String utf8(long count) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(array(count))).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text that is not UTF-8", e);
    }
  }

  String latin1(long count) {
    return new String(array(count), StandardCharsets.ISO_8859_1);
  }

  /** Text up to the end of its line. */
  String line() {
    int start = bytes.position();
    int end = start;
    while (end < bytes.limit() && bytes.get(end) != '\n') {
      end++;
    }
    byte[] text = array(end - start);
    skip(1);
    return new String(text, StandardCharsets.UTF_8);
  }

  private byte[] array(long count) {
    byte[] array = new byte[length(count)];
    bytes.get(array);
    return array;
  }

  private int length(long count) {
    if (count < 0 || count > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    return (int) count;
  }
}
