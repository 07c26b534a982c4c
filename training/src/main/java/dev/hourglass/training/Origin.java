package dev.hourglass.training;

import java.nio.file.Path;
import java.util.Optional;

/** What a run is asked to start from; {@link RunStart} is what it does start from. */
public sealed interface Origin {

  /** The file to start from, if one was named. */
  Optional<Path> named();

  /** The run's own newest checkpoint, or fresh weights for a new run. */
  record Run() implements Origin {
    @Override
    public Optional<Path> named() {
      return Optional.empty();
    }
  }

  /** For a new run: a training checkpoint, with its optimiser and position. */
  record Checkpoint(Path file) implements Origin {
    @Override
    public Optional<Path> named() {
      return Optional.of(file);
    }
  }

  /** For a new run: the weights of any model file of the same architecture, at step 0. */
  record Weights(Path file) implements Origin {
    @Override
    public Optional<Path> named() {
      return Optional.of(file);
    }
  }
}
