package dev.hourglass.kernels.memory;

/** Divides a block of memory into consecutive parts, each from a cache line on. */
public final class Parts {

  private static final long LINE = 64;

  private final long base;
  private long next;

  /** Divides the block at {@code base}; 0 if only its size is asked for. */
  public Parts(long base) {
    this.base = base;
    this.next = base;
  }

  /** The next part, of {@code size} bytes. */
  public long bytes(long size) {
    long part = next;
    next += (size + LINE - 1) / LINE * LINE;
    return part;
  }

  /** The next part, of {@code count} floats. */
  public long floats(long count) {
    return bytes(count * Float.BYTES);
  }

  /** Bytes of all parts so far. */
  public long size() {
    return next - base;
  }
}
