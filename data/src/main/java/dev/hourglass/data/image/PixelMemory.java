package dev.hourglass.data.image;

import dev.hourglass.data.image.blocks.UnreadableException;
import java.util.concurrent.Semaphore;

/**
 * The share of the heap that pictures may take while they are decoded, by all threads together. A
 * picture that needs more than all of it is refused before memory is taken; others wait for their
 * turn, so that what is refused depends on the picture and the size of the heap alone.
 */
final class PixelMemory {

  static final PixelMemory OF_HEAP = new PixelMemory(Runtime.getRuntime().maxMemory() / 2);

  /** Samples of the decoder, of the colour conversion and of the result. */
  private static final int BYTES_PER_PIXEL = 16;

  /** Above this an image is refused in any case: its samples would not fit an array. */
  private static final long MAX_PIXELS = 1L << 27;

  private static final int UNIT = 1 << 20;

  private final int units;
  private final Semaphore free;

  PixelMemory(long bytes) {
    this.units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
    this.free = new Semaphore(units, true);
  }

  /** Room for one picture, none of it taken yet. */
  Share share() {
    return new Share();
  }

  /** What one picture takes; for one thread. */
  final class Share implements AutoCloseable {

    private int taken;
    private String size = "it";

    private Share() {}

    /**
     * Waits for the room that a picture needs. Only the first call counts.
     *
     * @throws UnreadableException if it is more than there is
     */
    void take(long width, long height) throws UnreadableException {
      if (taken > 0) {
        return;
      }
      size = "%d x %d pixels".formatted(width, height);
      if (width < 1 || height < 1) {
        throw new UnreadableException("a picture of " + size + " holds nothing");
      }
      if (Math.multiplyHigh(width, height) != 0 || width * height > MAX_PIXELS) {
        throw new UnreadableException(size + " are more than the limit of " + MAX_PIXELS);
      }
      int needed = (int) (width * height * BYTES_PER_PIXEL / UNIT) + 1;
      if (needed > units) {
        throw new UnreadableException(tooLarge(needed));
      }
      free.acquireUninterruptibly(needed);
      taken = needed;
    }

    private String tooLarge(int needed) {
      return "%s need about %d MB of memory to decode, more than the %d MB that the Java heap has for them; shrink the picture or give Java more (-Xmx)"
          .formatted(size, needed, units);
    }

    /** What to say when the heap was full all the same. */
    String outOfMemory() {
      return "there is not enough memory to decode %s; shrink the picture or give Java more (-Xmx)"
          .formatted(size);
    }

    @Override
    public void close() {
      free.release(taken);
      taken = 0;
    }
  }
}
