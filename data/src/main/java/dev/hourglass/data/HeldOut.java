package dev.hourglass.data;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import java.util.Arrays;

/**
 * A set divided into images to train on and images held out. It follows from the number of images
 * and the share alone, whatever the seed of a run: all runs on a set can be compared. A larger
 * share holds out those of a smaller one too.
 *
 * @param training in rising order, at least one
 * @param heldOut in rising order, at least one
 */
@SuppressWarnings("ArrayRecordComponent") // Plain lists of numbers, made here and read elsewhere.
public record HeldOut(int[] training, int[] heldOut) {

  /** The same for every run. */
  private static final long SEED = 0;

  /**
   * Divides a set.
   *
   * @param share between 0 and 1
   * @throws InputException if one side would be empty
   */
  public static HeldOut of(int images, double share) {
    int held = Math.toIntExact(Math.round(images * share));
    if (held < 1 || held >= images) {
      throw new InputException(
          "%s of %d images are %d; hold out at least one image, and leave at least one to train on."
              .formatted(share, images, held));
    }
    int[] order = RandomStream.of(SEED, Purpose.IMAGE_CHOICE).permutation(images);
    return new HeldOut(sorted(order, held, images), sorted(order, 0, held));
  }

  private static int[] sorted(int[] order, int from, int to) {
    int[] part = Arrays.copyOfRange(order, from, to);
    Arrays.sort(part);
    return part;
  }
}
