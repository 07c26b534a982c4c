package dev.hourglass.data.tar;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A tar file from some position on, as if it began there; knows where it was read last. */
public final class TarSection implements SeekableByteChannel {

  private final TarBytes.Reader bytes;
  private final long start;
  private long position;
  private long lastRead;
  private boolean open = true;

  /** From a position on. */
  public TarSection(TarBytes.Reader bytes, long start) {
    this.bytes = bytes;
    this.start = start;
  }

  /** Where in the whole file the last read began. */
  public long lastRead() {
    return start + lastRead;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    lastRead = position;
    int length = bytes.read(target, start + position);
    position += Math.max(0, length);
    return length;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws IOException {
    return bytes.size() - start;
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
