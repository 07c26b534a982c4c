package dev.hourglass.training;

import dev.hourglass.core.InputException;

/**
 * How the images of a step go through the model.
 *
 * @param size images of one forward and backward pass
 * @param accumulation passes whose gradients make one step
 * @param checkpointing whether blocks recompute activations instead of keeping them
 */
public record Batching(int size, int accumulation, boolean checkpointing) {

  public Batching {
    if (size < 1 || accumulation < 1) {
      throw new InputException(
          "Batch size and accumulation must be at least 1, not %d and %d."
              .formatted(size, accumulation));
    }
  }

  /** Images of one optimiser step: the batch that statistics see. */
  public int globalSize() {
    return Math.multiplyExact(size, accumulation);
  }
}
