package dev.hourglass.model;

import dev.hourglass.architecture.primitive.DropoutPlace;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.ops.Dropout;

/**
 * How a forward pass differs between training and sampling.
 *
 * @param seed names the random streams of dropout together with the image
 * @param firstImage the number of the batch's first image among all images ever drawn
 * @param dropout whether dropout acts
 * @param checkpointing whether blocks recompute their activations in the backward pass instead of
 *     keeping them
 */
public record TrainingPass(long seed, long firstImage, boolean dropout, boolean checkpointing) {

  /** No dropout, nothing recomputed. */
  public static final TrainingPass SAMPLING = new TrainingPass(0, 0, false, false);

  /**
   * The dropout of one place in the network. Its mask is a function of (seed, image, place), so
   * that recomputing a block, or resuming a run, meets the same one.
   */
  Dropout dropoutAt(DropoutPlace place) {
    return dropout && place.rate() > 0
        ? new SeededDropout(
            image -> RandomStream.of(seed, Purpose.DROPOUT, firstImage + image, place.number()),
            place.rate())
        : Dropout.NONE;
  }

  /** The same, but nothing is recomputed. */
  TrainingPass keepingActivations() {
    return new TrainingPass(seed, firstImage, dropout, false);
  }
}
