package dev.hourglass.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How a run starts, decided once by {@link StartDecision}: before anything is loaded. */
public sealed interface RunStart {

  /** Where the run stands before its first step here, resets included. */
  TrainingState state();

  /** What becomes of the averaged weights. */
  AverageReset averageReset();

  /**
   * How the classes of the data differ from those of the file that the run starts from, a phrase a
   * class, such as {@code class 1 was "green" and is now "verde"}; empty if they do not, or if
   * either bears no names.
   */
  List<String> classChanges();

  /** The run's own checkpoint that it starts from, if it has one. */
  default Optional<Path> checkpoint() {
    return this instanceof Continued from ? Optional.of(from.file()) : Optional.empty();
  }

  /** A new run with fresh weights. */
  record Fresh(TrainingState state, AverageReset averageReset) implements RunStart {
    @Override
    public List<String> classChanges() {
      return List.of();
    }
  }

  /** A new run, at step 0, with the averaged weights of a model file: fine-tuning. */
  record FromWeights(
      Path file, TrainingState state, AverageReset averageReset, List<String> classChanges)
      implements RunStart {
    public FromWeights {
      classChanges = List.copyOf(classChanges);
    }
  }

  /** A new run that goes on from a checkpoint of another, with its optimiser and position. */
  record FromCheckpoint(
      Path file, TrainingState state, AverageReset averageReset, List<String> classChanges)
      implements RunStart {
    public FromCheckpoint {
      classChanges = List.copyOf(classChanges);
    }
  }

  /**
   * A run that exists, and goes on from a checkpoint of its own.
   *
   * @param notUsed the file that was given to start from, and is not used because the run exists
   */
  record Continued(
      Path file,
      TrainingState state,
      AverageReset averageReset,
      List<String> classChanges,
      Optional<Path> notUsed)
      implements RunStart {
    public Continued {
      classChanges = List.copyOf(classChanges);
    }
  }

  /** What becomes of the averaged weights at a start. A run resets them once at most. */
  enum AverageReset {
    /** They go on, and nobody asked for anything else. */
    NOT_ASKED,

    /** They begin anew from the trained weights. */
    NOW,

    /**
     * They go on: it was asked for, but this run did it before, at the step that {@link
     * TrainingState#averageReset} says.
     */
    DONE_BEFORE
  }
}
