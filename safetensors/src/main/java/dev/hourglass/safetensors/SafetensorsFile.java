package dev.hourglass.safetensors;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.FileKind;
import dev.hourglass.core.files.ReadFailure;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;

/**
 * An open safetensors file: 8 bytes of header length N (little-endian), N bytes of JSON, and the
 * data of the tensors, which is memory-mapped and read only where it is used.
 *
 * <p>Opening checks all that the format demands; a file that opens has tensors that cover its data
 * exactly. Safe for use by many threads; the segments are valid until {@link #close}. Nobody may
 * shorten a file in place while it is open, as for any mapped file; replacing it is harmless.
 *
 * <p>The format: <a href="https://github.com/huggingface/safetensors#format">safetensors</a>.
 */
public final class SafetensorsFile implements TensorFile {

  private static final int LENGTH_BYTES = 8;

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final Arena arena;
  private final MemorySegment data;
  private final Header header;

  private SafetensorsFile(Path path, Arena arena, MemorySegment data, Header header) {
    this.path = path;
    this.arena = arena;
    this.data = data;
    this.header = header;
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws InputException if there is no such file, it cannot be read, or it is not a whole and
   *     valid safetensors file
   */
  public static SafetensorsFile open(Path file) {
    requireSafetensors(file);
    @SuppressWarnings(
        "MustBeClosedChecker") // It belongs to the opened file, whose close() ends it.
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < LENGTH_BYTES) {
        throw new InputException(
            ("%s is truncated: it holds %d bytes, but a safetensors file begins with %d bytes "
                    + "of header length; copy or download it again.")
                .formatted(file, size, LENGTH_BYTES));
      }
      SafetensorsFile result =
          read(file, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena));
      opened = true;
      return result;
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  /** What is surely something else is named; what is of no known kind may be a damaged file. */
  private static void requireSafetensors(Path file) {
    FileKind kind = FileKind.of(file);
    switch (kind) {
      case SAFETENSORS, UNKNOWN, EMPTY -> {}
      default -> throw kind.refusal(file, "a safetensors file", "give a safetensors file");
    }
  }

  private static SafetensorsFile read(Path file, Arena arena, MemorySegment content) {
    long length = content.get(LENGTH, 0);
    long left = content.byteSize() - LENGTH_BYTES;
    // The length is unsigned: 2^63 and more read as negative numbers.
    if (length < 0 || length > HeaderParser.MAX_HEADER_BYTES) {
      throw new InputException(
          ("%s is not a safetensors file: its first 8 bytes promise a header of %s bytes, but "
                  + "at most %d are allowed; check that it is the right file.")
              .formatted(file, Long.toUnsignedString(length), HeaderParser.MAX_HEADER_BYTES));
    }
    if (length > left) {
      throw new InputException(
          ("%s is truncated: it promises a header of %d bytes but holds %d; copy or download "
                  + "it again.")
              .formatted(file, length, left));
    }
    if (length == 0 || content.get(ValueLayout.JAVA_BYTE, LENGTH_BYTES) != '{') {
      throw new InputException(
          ("%s is not a safetensors file: its header does not begin with '{'; check that it "
                  + "is the right file.")
              .formatted(file));
    }
    Header header =
        HeaderParser.parse(
            file, content.asSlice(LENGTH_BYTES, length).asByteBuffer(), left - length);
    return new SafetensorsFile(file, arena, content.asSlice(LENGTH_BYTES + length), header);
  }

  @Override
  public Path path() {
    return path;
  }

  /** The free-form metadata in the order of the file; empty if there is none. */
  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** The tensors by name, in the order of their data; unmodifiable. */
  public Map<String, TensorInfo> tensors() {
    return header.tensors();
  }

  @Override
  public Set<String> names() {
    return tensors().keySet();
  }

  @Override
  public TensorData read(String name) {
    TensorInfo tensor = tensor(name);
    return new TensorData(name, tensor.dtype(), tensor.shape(), bytes(name));
  }

  /**
   * The tensor of a name.
   *
   * @throws InputException if there is none; the message has the nearest name
   */
  public TensorInfo tensor(String name) {
    TensorInfo tensor = tensors().get(name);
    if (tensor == null) {
      throw TensorNames.missing(path, name, names());
    }
    return tensor;
  }

  /**
   * The elements of a tensor, little-endian and row-major: a read-only view of the mapped file,
   * valid until {@link #close}, aligned to nothing in particular.
   *
   * @throws InputException if there is no such tensor
   */
  public MemorySegment bytes(String name) {
    TensorInfo tensor = tensor(name);
    return data.asSlice(tensor.begin(), tensor.byteSize());
  }

  /**
   * The elements of a floating-point tensor of 8 bits or more in row-major order; F64 is rounded.
   *
   * @throws InputException if there is no such tensor, it has another type, or it has more elements
   *     than an array
   */
  public float[] floats(String name) {
    return elements(name).floats();
  }

  /**
   * The elements of a floating-point tensor of 8 bits or more in row-major order, all exact.
   *
   * @throws InputException as {@link #floats} does
   */
  public double[] doubles(String name) {
    return elements(name).doubles();
  }

  /**
   * The elements of an integer or BOOL tensor in row-major order.
   *
   * @throws InputException as {@link #floats} does, and for U64 elements of 2^63 and more
   */
  public long[] longs(String name) {
    return elements(name).longs();
  }

  private Elements elements(String name) {
    return new Elements(read(name));
  }

  /** Unmaps the file; segments from {@link #bytes} must not be used any more. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
