package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.config.EmaSchedule;
import dev.hourglass.model.Parameters;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.optimizer.Optimizer;
import dev.hourglass.training.snapshot.Snapshot;
import dev.hourglass.training.snapshot.SnapshotLabel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * All that a run changes as it goes: weights, their averages, the optimiser's state, and where it
 * stands.
 */
final class RunState implements AutoCloseable {

  private final Parameters weights;
  private final List<Parameters> averages;
  private final Optimizer optimizer;
  private TrainingState state;

  private RunState(
      Parameters weights, List<Parameters> averages, Optimizer optimizer, TrainingState state) {
    this.weights = weights;
    this.averages = List.copyOf(averages);
    this.optimizer = optimizer;
    this.state = state;
  }

  /** Loads or makes the tensors of a run, as its start was decided. */
  static RunState open(Config config, RunStart start) {
    RunState run =
        switch (start) {
          case RunStart.Fresh fresh ->
              begin(config, Parameters.initial(config.model(), fresh.state().seed()), start);
          case RunStart.FromWeights from -> {
            ModelFile model = ModelFile.open(from.file());
            yield begin(
                config,
                Parameters.read(model.path(), model.averagedPrefix(), config.model()),
                start);
          }
          case RunStart.FromCheckpoint from -> resume(config, from.file(), start);
          case RunStart.Continued from -> resume(config, from.file(), start);
        };
    if (start.averageReset() == RunStart.AverageReset.NOW) {
      run.averages.forEach(average -> average.copyFrom(run.weights));
    }
    return run;
  }

  private static RunState begin(Config config, Parameters weights, RunStart start) {
    List<Parameters> averages =
        Stream.generate(weights::frozenCopy).limit(config.emaSchedule().averages()).toList();
    return new RunState(
        weights, averages, Optimizer.of(config.optimizer(), weights), start.state());
  }

  private static RunState resume(Config config, Path file, RunStart start) {
    Parameters weights = Parameters.read(file, ModelFile.TRAINED_PREFIX, config.model());
    List<Parameters> averages = TrainingCheckpoint.readAverages(file, config);
    Optimizer optimizer = Optimizer.of(config.optimizer(), weights);
    TrainingCheckpoint.readOptimizer(file, optimizer);
    return new RunState(weights, averages, optimizer, start.state());
  }

  Parameters weights() {
    return weights;
  }

  /** In the order of the config's schedule: the first is that with which images are drawn. */
  List<Parameters> averages() {
    return averages;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  TrainingState state() {
    return state;
  }

  void moveTo(TrainingState next) {
    state = next;
  }

  void write(Path file, Config config, List<String> classNames) {
    TrainingCheckpoint.write(file, config, classNames, state, weights, averages, optimizer);
  }

  /**
   * Puts the averages down beside the checkpoints, each in a file of its own.
   *
   * @param schedule of the config
   */
  List<Path> writeSnapshots(
      RunFolder folder, EmaSchedule.Power schedule, Config config, List<String> classNames) {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < averages.size(); i++) {
      double sigmaRel = schedule.sigmaRels().get(i);
      Path file = folder.snapshot(sigmaRel, state.step());
      SnapshotLabel label =
          new SnapshotLabel(sigmaRel, state.step(), state.averageSteps(), state.seed());
      Snapshot.write(file, config, classNames, label, averages.get(i));
      files.add(file);
    }
    return files;
  }

  @Override
  public void close() {
    optimizer.close();
    averages.forEach(Parameters::close);
    weights.close();
  }
}
