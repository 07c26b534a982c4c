package dev.hourglass.training;

import dev.hourglass.core.InputException;

/**
 * When a run writes what. The last step writes all of it, whatever the intervals.
 *
 * @param sampleEvery steps between sample grids; 0 for none at all
 * @param sampleCount images in such a grid
 * @param saveEvery steps between checkpoints
 * @param keep checkpoints to keep; older ones are deleted
 */
public record Intervals(int sampleEvery, int sampleCount, int saveEvery, int keep) {

  public static final Intervals DEFAULT = new Intervals(500, 64, 1000, 3);

  public Intervals {
    if (sampleEvery < 0 || sampleCount < 1 || saveEvery < 1 || keep < 1) {
      throw new InputException(
          "Save interval, checkpoints kept and sample count must be at least 1 and the sample interval at least 0, not %d, %d, %d and %d."
              .formatted(saveEvery, keep, sampleCount, sampleEvery));
    }
  }
}
