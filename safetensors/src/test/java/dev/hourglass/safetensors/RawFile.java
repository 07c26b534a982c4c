package dev.hourglass.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Files put together by hand, so that they can be wrong in one place. */
final class RawFile {

  private RawFile() {}

  /** A header of exactly these characters, then zeros. */
  static byte[] of(String header, int dataBytes) {
    return of(header.getBytes(StandardCharsets.UTF_8), dataBytes);
  }

  static byte[] of(byte[] header, int dataBytes) {
    return ofLength(header.length, header, dataBytes);
  }

  /** As {@link #of(byte[], int)}, with any header length in front. */
  static byte[] ofLength(long headerLength, byte[] header, int dataBytes) {
    return ByteBuffer.allocate(Long.BYTES + header.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerLength)
        .put(header)
        .array();
  }
}
