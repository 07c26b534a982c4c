package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.model.Parameters;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.training.optimizer.Optimizer;
import java.nio.file.Path;
import java.util.List;

/**
 * All that a run changes as it goes: weights, their average, the optimiser's state, and where it
 * stands.
 */
final class RunState implements AutoCloseable {

  private final Parameters weights;
  private final Parameters average;
  private final Optimizer optimizer;
  private TrainingState state;

  private RunState(
      Parameters weights, Parameters average, Optimizer optimizer, TrainingState state) {
    this.weights = weights;
    this.average = average;
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
      run.average.copyFrom(run.weights);
    }
    return run;
  }

  private static RunState begin(Config config, Parameters weights, RunStart start) {
    return new RunState(
        weights, weights.frozenCopy(), Optimizer.of(config.optimizer(), weights), start.state());
  }

  private static RunState resume(Config config, Path file, RunStart start) {
    Parameters weights = Parameters.read(file, ModelFile.TRAINED_PREFIX, config.model());
    Parameters average = Parameters.read(file, ModelFile.AVERAGED_PREFIX, config.model());
    average.freeze();
    Optimizer optimizer = Optimizer.of(config.optimizer(), weights);
    TrainingCheckpoint.readOptimizer(file, optimizer);
    return new RunState(weights, average, optimizer, start.state());
  }

  Parameters weights() {
    return weights;
  }

  Parameters average() {
    return average;
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
    TrainingCheckpoint.write(file, config, classNames, state, weights, average, optimizer);
  }

  @Override
  public void close() {
    optimizer.close();
    average.close();
    weights.close();
  }
}
