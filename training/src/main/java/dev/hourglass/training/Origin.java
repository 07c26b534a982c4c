package dev.hourglass.training;

import java.nio.file.Path;

/** What a run starts from. */
public sealed interface Origin {

  /** The run's own newest checkpoint, or fresh weights for a new run. */
  record Run() implements Origin {}

  /** A training checkpoint, with its optimiser and position. */
  record Checkpoint(Path file) implements Origin {}

  /** The weights of any model file of the same architecture, at step 0: fine-tuning. */
  record Weights(Path file) implements Origin {}
}
