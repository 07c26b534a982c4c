package dev.hourglass.safetensors;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * Writes safetensors files, byte for byte as the reference implementation does: the tensors sorted
 * by type, widest first, and then by name; the header padded with spaces to a multiple of 8 bytes,
 * so that every tensor is aligned to its element size. Metadata is sorted by key (the reference
 * leaves that order open), so that equal content gives equal files.
 */
public final class SafetensorsWriter {

  private static final int ALIGNMENT = 8;

  /** Large enough for the full speed of a disk. */
  private static final int CHUNK_BYTES = 4 << 20;

  /** Rust compares strings by their UTF-8 bytes, Java by UTF-16 units; emoji tell them apart. */
  private static final Comparator<String> BY_UTF8 =
      Comparator.comparing(text -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private static final Comparator<TensorData> LAYOUT_ORDER =
      Comparator.comparing(TensorData::dtype).thenComparing(TensorData::name, BY_UTF8);

  /** Escapes as the reference does: only what JSON demands, and lower-case hexadecimal digits. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .build();

  private SafetensorsWriter() {}

  /**
   * Creates or replaces a file, atomically: it is whole or as it was before. The data is streamed
   * from where it lies.
   *
   * @param metadata free-form text; if empty, the file has no metadata entry
   * @throws InputException if two tensors have one name, text is not valid Unicode, there are more
   *     than 1,000,000 tensors and metadata entries, the header exceeds the 100 MB of the format,
   *     or the file cannot be written
   */
  public static void write(Path file, List<TensorData> tensors, Map<String, String> metadata) {
    checkCount(file, (long) tensors.size() + metadata.size());
    List<TensorData> sorted = tensors.stream().sorted(LAYOUT_ORDER).toList();
    checkNames(file, sorted);
    checkMetadata(file, metadata);
    byte[] header = header(sorted, metadata).getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(header.length, ALIGNMENT) * ALIGNMENT;
    if (padded > HeaderParser.MAX_HEADER_BYTES) {
      throw new InputException(
          ("%s needs a header of %d bytes, but at most %d are allowed; store less metadata or "
                  + "fewer tensors.")
              .formatted(file, padded, HeaderParser.MAX_HEADER_BYTES));
    }
    ByteBuffer start = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(padded).put(header);
    while (start.hasRemaining()) {
      start.put((byte) ' ');
    }
    start.flip();
    AtomicFiles.write(file, temporary -> writeTo(temporary, start, sorted));
  }

  /** What is written here must be readable here. */
  private static void checkCount(Path file, long entries) {
    if (entries > HeaderParser.MAX_ENTRIES) {
      throw new InputException(
          ("Cannot write %s: there are %d tensors and metadata entries, but at most %d are "
                  + "allowed; split them over several files.")
              .formatted(file, entries, HeaderParser.MAX_ENTRIES));
    }
  }

  private static void checkNames(Path file, List<TensorData> tensors) {
    Set<String> names = new HashSet<>();
    for (TensorData tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new InputException(
            "Cannot write %s: two tensors are named %s; rename one."
                .formatted(file, TensorNames.quote(tensor.name())));
      }
    }
  }

  private static void checkMetadata(Path file, Map<String, String> metadata) {
    metadata.forEach(
        (key, value) -> {
          if (!TensorChecks.isUnicode(key) || !TensorChecks.isUnicode(value)) {
            throw new InputException(
                ("Cannot write %s: the metadata entry %s has half a surrogate pair, which "
                        + "UTF-8 cannot hold; correct the text.")
                    .formatted(file, TensorNames.quote(key)));
          }
        });
  }

  private static String header(List<TensorData> tensors, Map<String, String> metadata) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectPropertyStart(TensorChecks.METADATA_KEY);
        metadata.entrySet().stream()
            .sorted(Map.Entry.comparingByKey(BY_UTF8))
            .forEach(entry -> json.writeStringProperty(entry.getKey(), entry.getValue()));
        json.writeEndObject();
      }
      long begin = 0;
      for (TensorData tensor : tensors) {
        long end = Math.addExact(begin, tensor.bytes().byteSize());
        writeEntry(json, tensor, begin, end);
        begin = end;
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void writeEntry(JsonGenerator json, TensorData tensor, long begin, long end) {
    json.writeObjectPropertyStart(tensor.name());
    json.writeStringProperty("dtype", tensor.dtype().name());
    json.writeArrayPropertyStart("shape");
    tensor.shape().forEach(json::writeNumber);
    json.writeEndArray();
    json.writeArrayPropertyStart("data_offsets");
    json.writeNumber(begin);
    json.writeNumber(end);
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeTo(Path temporary, ByteBuffer start, List<TensorData> tensors)
      throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        Arena arena = Arena.ofConfined()) {
      writeFully(channel, start);
      // Through one small buffer: not every segment has a ByteBuffer view, and none beyond 2 GiB.
      MemorySegment chunk = arena.allocate(CHUNK_BYTES);
      for (TensorData tensor : tensors) {
        MemorySegment bytes = tensor.bytes();
        for (long done = 0; done < bytes.byteSize(); done += CHUNK_BYTES) {
          long length = Math.min(CHUNK_BYTES, bytes.byteSize() - done);
          MemorySegment.copy(bytes, done, chunk, 0, length);
          writeFully(channel, chunk.asSlice(0, length).asByteBuffer());
        }
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
