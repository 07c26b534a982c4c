package dev.hourglass.training;

import dev.hourglass.InputException;
import dev.hourglass.config.Config;
import dev.hourglass.model.Parameters;
import dev.hourglass.sampling.ModelFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

  /**
   * Loads or makes the state of a run.
   *
   * @param latest the run's own newest checkpoint; it wins over an origin, so that a killed run
   *     goes on
   */
  static RunState open(
      Config config, TrainSettings settings, Origin origin, Optional<Path> latest) {
    Optional<Path> checkpoint = latest;
    if (checkpoint.isEmpty() && origin instanceof Origin.Checkpoint(Path file)) {
      checkpoint = Optional.of(file);
    }
    RunState run =
        checkpoint
            .map(file -> resume(config, settings, file))
            .orElseGet(() -> begin(config, settings, origin));
    if (settings.resetAverage()) {
      run.average.copyFrom(run.weights);
      run.state =
          new TrainingState(
              run.state.step(), run.state.images(), 0, run.state.lossAverage(), run.state.seed());
    }
    return run;
  }

  private static RunState begin(Config config, TrainSettings settings, Origin origin) {
    long seed = settings.seed().orElse(0);
    if (!(origin instanceof Origin.Weights(Path file))) {
      Parameters weights = Parameters.initial(config.model(), seed);
      return fresh(config, weights, weights.frozenCopy(), seed);
    }
    ModelFile model = ModelFile.open(file);
    Parameters weights = Parameters.read(model.path(), model.averagedPrefix(), config.model());
    return fresh(config, weights, weights.frozenCopy(), seed);
  }

  private static RunState fresh(Config config, Parameters weights, Parameters average, long seed) {
    return new RunState(
        weights, average, Optimizer.of(config.optimizer(), weights), TrainingState.start(seed));
  }

  private static RunState resume(Config config, TrainSettings settings, Path file) {
    TrainingState state = TrainingCheckpoint.readState(file);
    ModelFile model = ModelFile.open(file);
    RunConfig.requireSame(
        config,
        model.config(),
        "The checkpoint %s belongs to another config".formatted(file),
        "use its own config, or begin a new run with its weights by --init");
    if (settings.seed().isPresent() && settings.seed().getAsLong() != state.seed()) {
      throw new InputException(
          "%s was trained with seed %d, not %d; leave the seed out, or choose another --name for a new run."
              .formatted(file, state.seed(), settings.seed().getAsLong()));
    }
    Parameters weights = Parameters.read(file, ModelFile.TRAINED_PREFIX, config.model());
    Parameters average = Parameters.read(file, ModelFile.AVERAGED_PREFIX, config.model());
    average.freeze();
    Optimizer optimizer = Optimizer.of(config.optimizer(), weights);
    TrainingCheckpoint.readOptimizer(file, optimizer);
    return new RunState(weights, average, optimizer, state);
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
