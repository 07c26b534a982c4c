package dev.hourglass.training.tensorboard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The frame of a record in a TFRecord file (tensorflow/core/lib/io/record_writer.h), little-endian:
 *
 * <pre>
 * uint64 length
 * uint32 masked CRC-32C of the length
 * byte   data[length]
 * uint32 masked CRC-32C of the data
 * </pre>
 */
final class TfRecord {

  private static final int LENGTH_BYTES = Long.BYTES;

  /** tensorflow/core/lib/hash/crc32c.h: so that a checksum of data with checksums is no weaker. */
  private static final int MASK_DELTA = 0xa282ead8;

  private TfRecord() {}

  /** The record of some data. */
  static byte[] of(byte[] data) {
    ByteBuffer record =
        ByteBuffer.allocate(LENGTH_BYTES + Integer.BYTES + data.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedChecksum(record.array(), LENGTH_BYTES));
    record.put(data);
    record.putInt(maskedChecksum(data, data.length));
    return record.array();
  }

  private static int maskedChecksum(byte[] data, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(data, 0, length);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
  }
}
