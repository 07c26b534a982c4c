package dev.hourglass.data;

import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;

/**
 * Which image comes at which position of a run: a fresh random permutation each epoch, computed
 * from the seed and the epoch's number, so that any position can be asked for without replaying
 * those before it. Thread-safe.
 */
public final class EpochOrder {

  private final long seed;
  private final int size;

  // Workers that read ahead straddle two epochs at most, but for the tiniest of sets.
  private Epoch recent;
  private Epoch older;

  /**
   * @param size the number of images in an epoch, at least 1
   */
  public EpochOrder(long seed, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("an epoch needs at least one image, got " + size);
    }
    this.seed = seed;
    this.size = size;
  }

  /**
   * The index, in {@code 0 .. size - 1}, of the image at a position.
   *
   * @param position how many images were drawn before, over all epochs; at least 0
   */
  public int index(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("positions start at 0, got " + position);
    }
    return permutation(position / size)[(int) (position % size)];
  }

  private synchronized int[] permutation(long epoch) {
    if (recent == null || recent.number != epoch) {
      Epoch found =
          older != null && older.number == epoch
              ? older
              : new Epoch(
                  epoch, RandomStream.of(seed, Purpose.IMAGE_ORDER, epoch).permutation(size));
      older = recent;
      recent = found;
    }
    return recent.order;
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Epoch(long number, int[] order) {}
}
