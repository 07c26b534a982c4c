package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.core.InputException;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.training.RunStart.AverageReset;
import dev.hourglass.training.folder.CheckpointStore;
import dev.hourglass.training.folder.RunFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Decides how a run starts: a function of what was asked, of the run folder and of the files named,
 * and of nothing else, so that a command that is given again after the process was killed leads to
 * the same bits.
 *
 * <p>The run's own newest checkpoint wins over any origin. Averaged weights are reset where that is
 * first asked of a run, and not again: its checkpoints say that it was done.
 */
final class StartDecision {

  private final Config config;
  private final List<String> classNames;
  private final RunFolder folder;
  private final TrainSettings settings;

  /**
   * @param config that the run is to have
   * @param classNames of the data, by class number; empty if they have none
   */
  StartDecision(Config config, List<String> classNames, RunFolder folder, TrainSettings settings) {
    this.config = config;
    this.classNames = classNames;
    this.folder = folder;
    this.settings = settings;
  }

  /**
   * Decides. Reads descriptions only, no weights.
   *
   * @throws InputException if the run or the origin does not fit, or is damaged
   */
  RunStart decide(Origin origin) {
    CheckpointStore store = new CheckpointStore(folder);
    Optional<CheckpointStore.Pointer> own = store.latest();
    if (own.isPresent()) {
      Path file = own.get().checkpoint();
      TrainingState state = TrainingCheckpoint.readState(file, store.wayOn());
      if (state.step() != own.get().step()) {
        throw new InputException(
            "%s names a checkpoint of step %d, but %s is of step %d; %s."
                .formatted(folder.pointer(), own.get().step(), file, state.step(), store.wayOn()));
      }
      return continued(file, state, origin.named().filter(named -> !same(named, file)));
    }
    return switch (origin) {
      case Origin.Run() -> new RunStart.Fresh(begun(), reset(begun()));
      case Origin.Weights(Path file) ->
          new RunStart.FromWeights(
              file, begun(), reset(begun()), changes(ModelFile.open(file).classNames()));
      case Origin.Checkpoint(Path file) -> {
        TrainingState state = TrainingCheckpoint.readState(file, "choose an older checkpoint");
        yield folder.holds(file)
            ? continued(file, state, Optional.empty())
            : fromCheckpoint(file, state.forAnotherRun());
      }
    };
  }

  private TrainingState begun() {
    TrainingState state = TrainingState.start(settings.seed().orElse(0));
    return settings.restart().resetAverage() ? state.withAverageReset() : state;
  }

  private RunStart fromCheckpoint(Path file, TrainingState state) {
    List<String> changes =
        requireFitting(
            file,
            state,
            "The checkpoint %s belongs to another config".formatted(file),
            "use its own config, or begin a new run with its weights by --init");
    TrainingState begun = settings.restart().resetAverage() ? state.withAverageReset() : state;
    return new RunStart.FromCheckpoint(file, begun, reset(begun), changes);
  }

  private RunStart continued(Path file, TrainingState state, Optional<Path> notUsed) {
    List<String> changes =
        requireFitting(
            file,
            state,
            "The run %s was started with another config".formatted(folder.path()),
            "choose another --name or restore the config");
    boolean resets = settings.restart().resetAverage() && state.averageReset().isEmpty();
    TrainingState begun = resets ? state.withAverageReset() : state;
    return new RunStart.Continued(file, begun, reset(begun), changes, notUsed);
  }

  /** A checkpoint is written after a step at least, so a reset at its very step is a new one. */
  private AverageReset reset(TrainingState state) {
    if (!settings.restart().resetAverage()) {
      return AverageReset.NOT_ASKED;
    }
    return state.averageReset().orElseThrow() == state.step()
        ? AverageReset.NOW
        : AverageReset.DONE_BEFORE;
  }

  /**
   * Checks config, seed and classes of a checkpoint, and returns class changes that were allowed.
   */
  private List<String> requireFitting(
      Path file, TrainingState state, String otherConfig, String advice) {
    ModelFile model = ModelFile.open(file);
    RunConfig.requireSame(config, model.config(), otherConfig, advice);
    if (settings.seed().isPresent() && settings.seed().getAsLong() != state.seed()) {
      throw new InputException(
          "%s was trained with seed %d, not %d; leave the seed out, or choose another --name for a new run."
              .formatted(file, state.seed(), settings.seed().getAsLong()));
    }
    List<String> changes = changes(model.classNames());
    if (!changes.isEmpty() && !settings.restart().acceptClasses()) {
      throw new InputException(
          "The classes are not those that %s was trained on (%s); restore the names of the class folders or of classes.txt, or go on with the new ones by --accept-classes."
              .formatted(file, ClassChanges.sentence(changes)));
    }
    return changes;
  }

  private List<String> changes(List<String> before) {
    return ClassChanges.between(before, classNames);
  }

  private static boolean same(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }
}
