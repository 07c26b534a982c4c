package dev.hourglass.torchfile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A pickle put together opcode by opcode, so that it can ask for what no real one does. */
final class Pickle {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  static Pickle protocol2() {
    return new Pickle().ops(0x80, 2);
  }

  Pickle ops(int... opcodes) {
    for (int opcode : opcodes) {
      bytes.write(opcode);
    }
    return this;
  }

  /** Opcodes that are letters. */
  Pickle ops(String letters) {
    bytes.writeBytes(letters.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  Pickle text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return ops("X")
        .int32(utf8.length)
        .ops(text.isEmpty() ? "" : new String(utf8, StandardCharsets.ISO_8859_1));
  }

  Pickle number(long number) {
    ops(0x8a, 8);
    bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
    return this;
  }

  Pickle int32(int number) {
    bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
    return this;
  }

  Pickle global(String module, String name) {
    return ops("c" + module + "\n" + name + "\n");
  }

  /** Pushes a storage. */
  Pickle storage(String type, String key, long elements) {
    return ops("(")
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .number(elements)
        .ops("tQ");
  }

  /** A tensor over a FloatStorage of 4 elements with the key 0. */
  Pickle tensor(long offset, long[] shape, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").ops("(").storage("FloatStorage", "0", 4);
    number(offset).longs(shape).longs(strides).ops(0x89);
    return global("collections", "OrderedDict").ops(")RtR");
  }

  private Pickle longs(long... values) {
    ops("(");
    for (long value : values) {
      number(value);
    }
    return ops("t");
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  byte[] stop() {
    return ops(".").bytes();
  }

  /** {@code {"t": tensor}} as a whole pickle. */
  static byte[] ofTensor(long offset, long[] shape, long[] strides) {
    return protocol2().ops("}").text("t").tensor(offset, shape, strides).ops("s.").bytes();
  }

  /** An archive with this pickle and a storage 0 of the floats 0, 1, 2, 3. */
  static Path archive(Path file, byte[] pickle) {
    ByteBuffer floats = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    floats.putFloat(0).putFloat(1).putFloat(2).putFloat(3);
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", pickle);
    entries.put("archive/data/0", floats.array());
    return archive(file, entries);
  }

  static Path archive(Path file, Map<String, byte[]> entries) {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        byte[] content = entry.getValue();
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry header = new ZipEntry(entry.getKey());
        header.setMethod(ZipEntry.STORED);
        header.setSize(content.length);
        header.setCrc(crc.getValue());
        zip.putNextEntry(header);
        zip.write(content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
