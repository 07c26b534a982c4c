package dev.hourglass.data.tar;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The bytes of one tar file: those of a plain file are read from the disk when they are asked for;
 * a packed file is kept in memory, unpacked.
 */
public final class TarBytes {

  private final Path path;

  /** The unpacked file; null if it is plain and stays on the disk. */
  private final byte[] content;

  private TarBytes(Path path, byte[] content) {
    this.path = path;
    this.content = content;
  }

  /** A plain file, which stays on the disk. */
  public static TarBytes onDisk(Path path) {
    return new TarBytes(path, null);
  }

  /** A file that was packed. */
  public static TarBytes unpacked(Path path, byte[] content) {
    return new TarBytes(path, content);
  }

  /** Something to read many parts with. */
  public Reader open() throws IOException {
    return content == null ? new OnDisk(FileChannel.open(path)) : new InMemory(content);
  }

  /** Reads a part by its position. */
  public interface Reader extends AutoCloseable {

    long size() throws IOException;

    /** As {@link FileChannel#read(ByteBuffer, long)}. */
    int read(ByteBuffer target, long position) throws IOException;

    /**
     * Fills a range of an array.
     *
     * @throws EOFException if the file ends before
     */
    default void readFully(byte[] target, int from, int length, long position) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(target, from, length);
      while (buffer.hasRemaining()) {
        if (read(buffer, position + buffer.position() - from) < 0) {
          throw new EOFException("the tar file has become shorter");
        }
      }
    }

    @Override
    void close() throws IOException;
  }

  private record OnDisk(FileChannel channel) implements Reader {

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return channel.read(target, position);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record InMemory(byte[] content) implements Reader {

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public int read(ByteBuffer target, long position) {
      if (position >= content.length) {
        return -1;
      }
      int length = (int) Math.min(target.remaining(), content.length - position);
      target.put(content, (int) position, length);
      return length;
    }

    @Override
    public void close() {}
  }
}
