package dev.hourglass.study.run;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.core.machine.ProcessMemory;
import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.result.RunTable;
import dev.hourglass.training.Intervals;
import dev.hourglass.training.NotFiniteException;
import dev.hourglass.training.Origin;
import dev.hourglass.training.RunStart;
import dev.hourglass.training.TrainSettings;
import dev.hourglass.training.Trainer;
import dev.hourglass.training.TrainingData;
import dev.hourglass.training.TrainingListener;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.metrics.StepMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Trains a cell into its run folder, from where it was. A file that says that it is done, and what
 * memory it took, keeps a cell that was killed later from taking another step.
 */
final class CellTraining implements TrainingListener {

  /** A cell that is killed loses about a twentieth of its steps, and at most a thousand. */
  private static final int SAVES = 20;

  private static final int MOST_STEPS_BETWEEN_SAVES = 1000;

  /** With a budget of time nobody knows how many steps there will be. */
  private static final int STEPS_BETWEEN_SAVES_BY_TIME = 100;

  private static final String DONE = "trained.txt";

  private final Cell cell;
  private final RunFolder folder;
  private final BooleanSupplier stop;
  private double seconds;
  private long step;

  /**
   * How a training ended.
   *
   * @param finished false if it was stopped; it goes on from there
   * @param failure why it cannot go on: a loss or gradient that is not finite
   */
  record Ending(boolean finished, Optional<String> failure, OptionalLong peakMemoryBytes) {}

  private CellTraining(Cell cell, RunFolder folder, BooleanSupplier stop) {
    this.cell = cell;
    this.folder = folder;
    this.stop = stop;
  }

  /**
   * Trains.
   *
   * @param how the computation and the validation; all else is the cell's
   * @param stop asked after each step; once true the run is saved and left
   */
  static Ending run(
      Cell cell, RunFolder folder, TrainingData data, TrainSettings how, BooleanSupplier stop) {
    Path done = folder.path().resolve(DONE);
    if (Files.exists(done)) {
      return new Ending(true, Optional.empty(), peak(done));
    }
    CellTraining training = new CellTraining(cell, folder, stop);
    try (Trainer trainer =
        new Trainer(
            cell.config(), data, folder, training.settings(how), new Origin.Run(), training)) {
      trainer.run();
    } catch (InputException e) {
      if (e.getCause() instanceof NotFiniteException cause) {
        String failure = "step %d: %s".formatted(training.step + 1, cause.getMessage());
        return new Ending(true, Optional.of(failure), ProcessMemory.peakBytes());
      }
      throw e;
    }
    if (!training.isDone()) {
      return new Ending(false, Optional.empty(), OptionalLong.empty());
    }
    OptionalLong peak = ProcessMemory.peakBytes();
    AtomicFiles.writeString(done, peak.isPresent() ? Long.toString(peak.getAsLong()) : "");
    return new Ending(true, Optional.empty(), peak);
  }

  private static OptionalLong peak(Path done) {
    try {
      String text = Files.readString(done).strip();
      return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    } catch (IOException e) {
      throw ReadFailure.of(done, e);
    }
  }

  private TrainSettings settings(TrainSettings how) {
    int between =
        cell.budget().seconds().isPresent()
            ? STEPS_BETWEEN_SAVES_BY_TIME
            : Math.clamp(cell.steps() / SAVES, 1, MOST_STEPS_BETWEEN_SAVES);
    TrainSettings settings =
        how.withSteps(cell.steps())
            .withSeed(cell.seed())
            .withBatching(cell.batching())
            .withIntervals(new Intervals(0, 1, between, 1));
    return cell.learningRate().isPresent()
        ? settings.withLearningRate(cell.learningRate().getAsDouble())
        : settings;
  }

  @Override
  public void started(RunStart start) {
    step = start.state().step();
    seconds = step == 0 ? 0 : RunTable.read(folder.metrics()).sum("seconds");
  }

  @Override
  public void stepped(StepMetrics metrics) {
    step = metrics.step();
    seconds += metrics.seconds();
  }

  private boolean isDone() {
    return step >= cell.steps()
        || cell.budget().seconds().stream().anyMatch(limit -> seconds >= limit);
  }

  @Override
  public boolean stop() {
    return isDone() || stop.getAsBoolean();
  }
}
