package dev.hourglass.kernels;

/** Divides a block of memory into consecutive parts, each from a cache line on. */
final class Parts {

  private static final long LINE = 64;

  private final long base;
  private long next;

  /** Divides the block at {@code base}; 0 if only its size is asked for. */
  Parts(long base) {
    this.base = base;
    this.next = base;
  }

  long bytes(long size) {
    long part = next;
    next += (size + LINE - 1) / LINE * LINE;
    return part;
  }

  long floats(long count) {
    return bytes(count * Float.BYTES);
  }

  /** Bytes of all parts so far. */
  long size() {
    return next - base;
  }
}
