package dev.hourglass.training.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads event files as TensorBoard does, with no help from what writes them. */
final class EventReader {

  /** A number of a curve. */
  record Point(long step, float value) {}

  /** A picture of a step; {@code colorspace} is 1 for gray and 3 for RGB. */
  record Picture(long step, int height, int width, int colorspace, ByteString png) {}

  /** What TensorBoard shows of a folder, by tag. */
  record Shown(TreeMap<String, List<Point>> curves, TreeMap<String, List<Picture>> pictures) {
    List<Long> steps(String tag) {
      return curves.get(tag).stream().map(Point::step).toList();
    }
  }

  private EventReader() {}

  /** The event files of a folder, in the order in which TensorBoard reads them. */
  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().contains("tfevents")).sorted().toList();
    }
  }

  /** The messages of a file, up to a damaged end. */
  static List<UnknownFieldSet> events(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<UnknownFieldSet> events = new ArrayList<>();
    while (bytes.remaining() >= 12) {
      byte[] length = new byte[8];
      bytes.duplicate().get(length);
      long size = bytes.getLong();
      if (bytes.getInt() != masked(length) || bytes.remaining() < size + 4) {
        break;
      }
      byte[] data = new byte[(int) size];
      bytes.get(data);
      if (bytes.getInt() != masked(data)) {
        break;
      }
      events.add(UnknownFieldSet.parseFrom(data));
    }
    return events;
  }

  /** CRC-32C bit by bit, masked as TFRecord files have it. */
  private static int masked(byte[] data) {
    int crc = -1;
    for (byte b : data) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) * 0x82f63b78);
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  /** All files of a folder: a start voids what was shown of its step and later ones. */
  static Shown shown(Path folder) throws IOException {
    Shown shown = new Shown(new TreeMap<>(), new TreeMap<>());
    for (Path file : files(folder)) {
      for (UnknownFieldSet event : events(file)) {
        long step = number(event, 2);
        if (event.hasField(7) && number(message(event, 7), 1) == 1) { // SessionLog.START
          shown.curves.values().forEach(points -> points.removeIf(p -> p.step >= step));
          shown.pictures.values().forEach(pictures -> pictures.removeIf(p -> p.step >= step));
        }
        if (event.hasField(5)) {
          addSummary(message(event, 5), step, shown);
        }
      }
    }
    return shown;
  }

  private static void addSummary(UnknownFieldSet summary, long step, Shown shown)
      throws InvalidProtocolBufferException {
    for (ByteString bytes : summary.getField(1).getLengthDelimitedList()) {
      UnknownFieldSet value = UnknownFieldSet.parseFrom(bytes);
      String tag = text(value, 1);
      for (int bits : value.getField(2).getFixed32List()) {
        shown
            .curves
            .computeIfAbsent(tag, t -> new ArrayList<>())
            .add(new Point(step, Float.intBitsToFloat(bits)));
      }
      if (value.hasField(4)) {
        UnknownFieldSet image = message(value, 4);
        shown
            .pictures
            .computeIfAbsent(tag, t -> new ArrayList<>())
            .add(
                new Picture(
                    step,
                    (int) number(image, 1),
                    (int) number(image, 2),
                    (int) number(image, 3),
                    bytes(image, 4)));
      }
    }
  }

  /** A field that may be absent when it is 0. */
  static long number(UnknownFieldSet message, int field) {
    List<Long> values = message.getField(field).getVarintList();
    return values.isEmpty() ? 0 : values.getLast();
  }

  static String text(UnknownFieldSet message, int field) {
    return bytes(message, field).toStringUtf8();
  }

  private static ByteString bytes(UnknownFieldSet message, int field) {
    return message.getField(field).getLengthDelimitedList().getFirst();
  }

  private static UnknownFieldSet message(UnknownFieldSet message, int field)
      throws InvalidProtocolBufferException {
    return UnknownFieldSet.parseFrom(bytes(message, field));
  }
}
