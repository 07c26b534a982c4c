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

  /** Training ended: at its last step, stopped, or by a failure. Not called if it never began. */
  default void ended() {}

  /** All of some listeners, told in their order; any of them stops the run. */
  static TrainingListener all(TrainingListener... listeners) {
    return new All(List.of(listeners));
  }

  /** What {@link #all} makes. */
  record All(List<TrainingListener> listeners) implements TrainingListener {
    /** Copies the list. */
    public All {
      listeners = List.copyOf(listeners);
    }

    @Override
    public void started(RunStart start) {
      listeners.forEach(listener -> listener.started(start));
    }

    @Override
    public void unlocked(String reason) {
      listeners.forEach(listener -> listener.unlocked(reason));
    }

    @Override
    public void stepped(StepMetrics metrics) {
      listeners.forEach(listener -> listener.stepped(metrics));
    }

    @Override
    public void validated(long step, ValidationResult result) {
      listeners.forEach(listener -> listener.validated(step, result));
    }

    @Override
    public void sampled(Path grid) {
      listeners.forEach(listener -> listener.sampled(grid));
    }

    @Override
    public void averaged(List<Path> snapshots) {
      listeners.forEach(listener -> listener.averaged(snapshots));
    }

    @Override
    public void saved(Path checkpoint) {
      listeners.forEach(listener -> listener.saved(checkpoint));
    }

    @Override
    public boolean stop() {
      return listeners.stream().anyMatch(TrainingListener::stop);
    }

    @Override
    public void ended() {
      listeners.forEach(TrainingListener::ended);
    }
  }
}
