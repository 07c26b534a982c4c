package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.config.EmaSchedule;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.core.InputException;
import dev.hourglass.data.BatchLoader;
import dev.hourglass.data.LoaderSettings;
import dev.hourglass.ops.Ops;
import dev.hourglass.training.folder.CheckpointStore;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.metrics.LossPlot;
import dev.hourglass.training.metrics.MetricsLog;
import dev.hourglass.training.metrics.StepMetrics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Trains a model on a set of images, into a run folder.
 *
 * <p>Every random number is a function of (seed, step, image), so a run that was killed goes on
 * from its newest checkpoint to the same weights, bit for bit, as if it had not been.
 */
public final class Trainer implements AutoCloseable {

  private static final int PREFETCHED_BATCHES = 4;

  private final Config config;
  private final TrainingData data;
  private final RunFolder folder;
  private final TrainSettings settings;
  private final TrainingListener listener;
  private final CheckpointStore store;
  private final Ops ops;
  private final RunLock lock;
  private final RunStart start;
  private final RunState run;
  private Optional<Path> lastCheckpoint;
  private Map<String, String> skipped = Map.of();

  /**
   * Prepares a run: takes the folder, decides how the run starts, and loads or makes the weights.
   *
   * @param data what to train on; the caller closes it
   * @throws InputException if another trainer is at work in the folder, if it holds a run of
   *     another config, or if the origin does not fit
   */
  public Trainer(
      Config config,
      TrainingData data,
      RunFolder folder,
      TrainSettings settings,
      Origin origin,
      TrainingListener listener) {
    this.config = config;
    this.data = data;
    this.folder = folder;
    this.settings = settings;
    this.listener = listener;
    this.store = new CheckpointStore(folder);
    this.ops = settings.compute().ops();
    this.lock = RunLock.acquire(folder);
    try {
      List<String> classNames = data.images().classNames();
      this.start = new StartDecision(config, classNames, folder, settings).decide(origin);
      this.lastCheckpoint = start.checkpoint();
      this.run = RunState.open(config, start);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** Where the run stands. */
  public TrainingState state() {
    return run.state();
  }

  /** Images that could not be read, by name, with the reason. */
  public Map<String, String> skipped() {
    return skipped;
  }

  /**
   * Trains to the last step, or until the listener stops it.
   *
   * @throws InputException if the loss or a gradient stops being finite: before the weights are
   *     touched
   */
  public void run() {
    RunConfig.write(folder, config);
    Training training = new Training(config, settings, data.vectors(), run, ops);
    RunValidation validation = new RunValidation(config, settings, data, run, ops);
    try (BatchLoader loader = loader();
        MetricsLog metrics =
            new MetricsLog(folder.metrics(), run.state().step(), validation.columns());
        SampleGrids samples =
            new SampleGrids(config.model(), data.images().classNames(), run, ops)) {
      try {
        if (run.state().step() < settings.steps()) {
          RunHistory.add(folder, start, Instant.now());
        }
        lock.missing().ifPresent(listener::unlocked);
        listener.started(start);
        boolean stopped = false;
        while (run.state().step() < settings.steps() && !stopped) {
          StepMetrics step = advance(training, loader);
          StepMetrics done = step.withValidation(validation.after(step.step(), listener));
          metrics.add(done);
          listener.stepped(done);
          stopped = listener.stop();
          if (config.emaSchedule() instanceof EmaSchedule.Power power
              && power.snapshotAt(done.step())) {
            // Before the checkpoint, so that no run goes on past snapshots that it lacks.
            List<String> classNames = data.images().classNames();
            listener.averaged(run.writeSnapshots(folder, power, config, classNames));
          }
          boolean last = stopped || done.step() == settings.steps();
          if (last || done.step() % settings.intervals().saveEvery() == 0) {
            save();
          }
          boolean drawn = !stopped && drawsGridAt(done.step(), last);
          if (drawn) {
            samples.write(folder.samples(done.step()), settings.intervals().sampleCount());
            listener.sampled(folder.samples(done.step()));
          }
          if (drawn || last) {
            LossPlot.write(
                folder.lossPlot(),
                folder.path().getFileName().toString(),
                metrics.losses(),
                metrics.validations());
          }
        }
      } finally {
        skipped = new TreeMap<>(loader.skipped());
        skipped.putAll(validation.skipped());
        listener.ended();
      }
    }
  }

  private boolean drawsGridAt(long step, boolean last) {
    int every = settings.intervals().sampleEvery();
    return every > 0 && (last || step % every == 0);
  }

  private BatchLoader loader() {
    ModelConfig model = config.model();
    LoaderSettings loading =
        new LoaderSettings(
            model.inputSize(),
            model.inputChannels(),
            settings.batching().size(),
            run.state().seed(),
            model.augmentProbability(),
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
            PREFETCHED_BATCHES);
    return new BatchLoader(data.images(), loading, run.state().images());
  }

  /** One optimiser step; a loss or gradient that is not finite ends the run. */
  private StepMetrics advance(Training training, BatchLoader loader) {
    try {
      return training.advance(loader::next);
    } catch (NotFiniteException e) {
      throw new InputException(
          "Training stopped before step %d because %s; %s; lower the learning rate or check the data."
              .formatted(
                  run.state().step() + 1,
                  e.getMessage(),
                  lastCheckpoint
                      .map(file -> "the last good checkpoint is " + file)
                      .orElse("no checkpoint was written yet")),
          e);
    }
  }

  private void save() {
    Path file = folder.checkpoint(run.state().step());
    run.write(file, config, data.images().classNames());
    store.publish(run.state().step(), settings.intervals().keep());
    lastCheckpoint = Optional.of(file);
    // Batches that grew old in the Java heap would stay there until it reaches its limit.
    System.gc();
    listener.saved(file);
  }

  @Override
  public void close() {
    try (lock) {
      run.close();
    }
  }
}
