package dev.hourglass.data.parquet;

import dev.hourglass.core.files.WriteFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Encoded images one after another in a temporary file, to be read in any order: a Parquet file
 * gives them out only in blocks of many. The file is gone when this is closed or the process ends,
 * however it ends (on systems where a file that is in use can be deleted).
 *
 * <p>Added to by one thread; then read by any.
 */
public final class Spool implements AutoCloseable {

  private static final int BUFFER = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private long[] ends = new long[1024];
  private int size;
  private long end;

  private Spool(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** An empty one, in the folder for temporary files ({@code java.io.tmpdir}). */
  public static Spool create() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    Path path = folder;
    try {
      path = Files.createTempFile(folder, "hourglass-images-", ".bin");
      return new Spool(
          path,
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE));
    } catch (IOException e) {
      throw WriteFailure.of(path, e);
    }
  }

  /** Adds an image, as {@link ParquetFile.Sink} has it. */
  public void add(byte[] bytes, int from, int length) throws IOException {
    if (buffer.remaining() < length) {
      flush();
    }
    if (buffer.remaining() < length) {
      writeFully(ByteBuffer.wrap(bytes, from, length));
    } else {
      buffer.put(bytes, from, length);
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
    }
    end += length;
    ends[size++] = end;
  }

  /** Writes what is still in memory; nothing is added after this. */
  public void flush() throws IOException {
    buffer.flip();
    writeFully(buffer);
    buffer.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** All bytes so far. */
  public long bytes() {
    return end;
  }

  /** Where the file is, or was until its name was deleted. */
  public Path path() {
    return path;
  }

  /** The image of a number, in the order in which they were added; empty if the row had none. */
  public byte[] read(int index) throws IOException {
    long start = index == 0 ? 0 : ends[index - 1];
    byte[] content = new byte[Math.toIntExact(ends[index] - start)];
    ByteBuffer target = ByteBuffer.wrap(content);
    while (target.hasRemaining()) {
      if (channel.read(target, start + target.position()) < 0) {
        throw new IOException("the temporary file has become shorter");
      }
    }
    return content;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw WriteFailure.of(path, e);
    }
  }
}
