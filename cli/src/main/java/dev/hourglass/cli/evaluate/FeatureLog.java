package dev.hourglass.cli.evaluate;

import dev.hourglass.cli.resume.StoppedWork;
import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.core.files.WriteFailure;
import dev.hourglass.evaluation.FeatureSet;
import dev.hourglass.evaluation.store.NumberedFeatures;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Features of images, appended to a file as they are computed, which a later run goes on from: one
 * line of JSON that says what determines them, then a record for each image: its position, its
 * numbers, a checksum. What a killed run left of a record is dropped.
 */
final class FeatureLog {

  private static final ValueLayout.OfLong POSITION = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final String NUMBERS = "features and logits";

  /** Of the position and of the checksum. */
  private static final int FRAME_BYTES = 2 * Long.BYTES;

  private final Path path;
  private final Sizes sizes;
  private final int headBytes;
  private long records;
  private long next;

  /**
   * How many numbers an image has.
   *
   * @param logits 0 if there are none
   */
  record Sizes(int features, int logits) {

    int numbers() {
      return features + logits;
    }
  }

  private FeatureLog(Path path, Sizes sizes, int headBytes) {
    this.path = path;
    this.sizes = sizes;
    this.headBytes = headBytes;
  }

  /**
   * Begins a file, or goes on with what a stopped run left.
   *
   * @param settings what the features depend on
   * @throws InputException if what was left was computed with other settings
   */
  static FeatureLog open(Path path, Map<String, String> settings, Sizes sizes) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put(NUMBERS, "%d and %d".formatted(sizes.features, sizes.logits));
    String head = StoppedWork.line(all) + "\n";
    FeatureLog log = new FeatureLog(path, sizes, head.getBytes(StandardCharsets.UTF_8).length);
    if (Files.exists(path)) {
      StoppedWork.requireSame(path, "evaluate", firstLine(path).strip(), head.strip());
      log.countRecords();
    } else {
      AtomicFiles.writeString(path, head);
    }
    return log;
  }

  private static String firstLine(Path path) {
    try (FileChannel channel = FileChannel.open(path)) {
      ByteBuffer start = ByteBuffer.allocate((int) Math.min(channel.size(), 1 << 16));
      channel.read(start);
      String text = new String(start.array(), 0, start.position(), StandardCharsets.UTF_8);
      return text.substring(0, text.indexOf('\n') + 1);
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  private int recordBytes() {
    return FRAME_BYTES + sizes.numbers() * Double.BYTES;
  }

  /** Counts the whole records at the start of the file, and cuts off what follows. */
  private void countRecords() {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      byte[] bytes = new byte[recordBytes()];
      ByteBuffer buffer = littleEndian(bytes);
      channel.position(headBytes);
      while (readFully(channel, buffer.clear())
          && checksum(bytes, 0) == buffer.getLong(bytes.length - Long.BYTES)) {
        records++;
        next = buffer.getLong(0) + 1;
      }
      channel.truncate(headBytes + records * recordBytes());
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  private static boolean readFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        return false;
      }
    }
    return true;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Of the record that begins at {@code from}. */
  private long checksum(byte[] bytes, int from) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, from, recordBytes() - Long.BYTES);
    return sum.getValue();
  }

  /** The position after the last one that is there. */
  long next() {
    return next;
  }

  /** How many images there are. */
  long records() {
    return records;
  }

  /** Forgets images, so that whole batches remain, where every image has a record. */
  void keepFirst(long count) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(headBytes + count * recordBytes());
    } catch (IOException e) {
      throw WriteFailure.of(path, e);
    }
    records = count;
    next = count;
  }

  /**
   * Adds images, which a later run then finds whatever happens to this one.
   *
   * @param positions of each, above those before
   * @param numbers {@code [n][features, then logits]}
   */
  void add(long[] positions, double[][] numbers) {
    byte[] bytes = new byte[Math.multiplyExact(positions.length, recordBytes())];
    ByteBuffer buffer = littleEndian(bytes);
    for (int i = 0; i < positions.length; i++) {
      int start = buffer.position();
      buffer.putLong(positions[i]);
      for (double number : numbers[i]) {
        buffer.putDouble(number);
      }
      buffer.putLong(checksum(bytes, start));
    }
    buffer.flip();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.APPEND)) {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(false);
    } catch (IOException e) {
      throw WriteFailure.of(path, e);
    }
    records += positions.length;
    next = positions[positions.length - 1] + 1;
  }

  /** Everything in it, numbered by position; the caller closes it. */
  NumberedFeatures content() {
    long[] positions = new long[Math.toIntExact(records)];
    FeatureSet set = FeatureSet.zeros(records, sizes.features, sizes.logits);
    try (FileChannel channel = FileChannel.open(path);
        Arena arena = Arena.ofConfined()) {
      MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      for (int i = 0; i < positions.length; i++) {
        long at = headBytes + (long) i * recordBytes();
        positions[i] = file.get(POSITION, at);
        set.put(i, file.asSlice(at + Long.BYTES, (long) sizes.numbers() * Double.BYTES));
      }
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
    return new NumberedFeatures(positions, set);
  }

  /** What it stood for is done. */
  void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw WriteFailure.of(path, e);
    }
  }
}
