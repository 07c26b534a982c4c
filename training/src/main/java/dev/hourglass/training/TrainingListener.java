package dev.hourglass.training;

import dev.hourglass.training.metrics.StepMetrics;
import dev.hourglass.training.validation.ValidationResult;
import java.nio.file.Path;
import java.util.List;

/** Hears of the progress of a run. Calls come on the training thread. */
public interface TrainingListener {

  TrainingListener NONE = new TrainingListener() {};

  /** Training begins, or goes on. */
  default void started(RunStart start) {}

  /**
   * The run folder lies on a file system without locks, so nothing keeps a second process from
   * training into it.
   */
  default void unlocked(String reason) {}

  default void stepped(StepMetrics metrics) {}

  /** The loss on the images held out was measured after a step. */
  default void validated(long step, ValidationResult result) {}

  /** A sample grid was written. */
  default void sampled(Path grid) {}

  /** Snapshots of the averaged weights were written. */
  default void averaged(List<Path> snapshots) {}

  /** A checkpoint was written. */
  default void saved(Path checkpoint) {}

  /** Asked after each step: true ends the run after saving it, as if this were its last step. */
  default boolean stop() {
    return false;
  }
}
