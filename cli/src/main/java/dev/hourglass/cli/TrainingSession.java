package dev.hourglass.cli;

import dev.hourglass.cli.report.Progress;
import dev.hourglass.cli.signal.StopRequest;
import dev.hourglass.config.Config;
import dev.hourglass.training.Origin;
import dev.hourglass.training.RunStart;
import dev.hourglass.training.TrainSettings;
import dev.hourglass.training.Trainer;
import dev.hourglass.training.TrainingData;
import dev.hourglass.training.TrainingListener;
import dev.hourglass.training.TrainingState;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.metrics.StepMetrics;
import dev.hourglass.training.validation.ValidationResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Training in the foreground: shows how far it is, lets Ctrl-C stop it, and says how it ended. It
 * lasts to the last step, or for a time.
 */
final class TrainingSession implements TrainingListener {

  private static final int LISTED_IMAGES = 20;
  private static final String STOPPING = "Stopping; the run is saved first ...";

  private final PrintWriter out;
  private final RunFolder folder;
  private final long steps;
  private final Optional<Duration> budget;
  private final StopRequest stopRequest;
  private final Progress progress;
  private Optional<Path> checkpoint = Optional.empty();
  private TrainingState started;
  private long step;
  private double imagesPerSecond;

  /**
   * How a session ended.
   *
   * @param checkpoint the last one that it wrote; none if there was nothing left to do
   * @param interrupted whether a signal stopped it
   */
  record Outcome(long step, Optional<Path> checkpoint, boolean interrupted) {}

  private TrainingSession(
      PrintWriter out,
      RunFolder folder,
      long steps,
      Optional<Duration> budget,
      StopRequest stopRequest,
      Progress progress) {
    this.out = out;
    this.folder = folder;
    this.steps = steps;
    this.budget = budget;
    this.stopRequest = stopRequest;
    this.progress = progress;
  }

  /**
   * Trains.
   *
   * @param out gets what there is to say
   * @param err gets the word that a signal arrived
   * @param budget when to stop before the last step
   * @param observer hears of the run, too
   */
  static Outcome run(
      PrintWriter out,
      PrintWriter err,
      Config config,
      TrainingData images,
      RunFolder folder,
      TrainSettings settings,
      Origin origin,
      Optional<Duration> budget,
      TrainingListener observer) {
    images.images().report().lines().forEach(out::println);
    out.flush();
    try (StopRequest stopRequest = new StopRequest(err, STOPPING)) {
      TrainingSession session;
      Map<String, String> skipped;
      try (Progress progress = new Progress(out, "step")) {
        session = new TrainingSession(out, folder, settings.steps(), budget, stopRequest, progress);
        TrainingListener all = TrainingListener.all(session, observer);
        try (Trainer trainer = new Trainer(config, images, folder, settings, origin, all)) {
          trainer.run();
          skipped = trainer.skipped();
        }
      }
      session.report(skipped);
      return new Outcome(session.step, session.checkpoint, stopRequest.received());
    }
  }

  @Override
  public void started(RunStart start) {
    started = start.state();
    step = started.step();
    if (step >= steps) {
      progress.note(
          "%s is at step %d already; give a higher --steps to train on."
              .formatted(folder.path(), step));
      return;
    }
    StartSentences.of(folder, start).forEach(progress::note);
    progress.begin(step, budget.isPresent() ? step + 1 : steps);
  }

  @Override
  public void unlocked(String reason) {
    progress.note(
        "%s cannot be locked (%s): nothing keeps a second training out of it."
            .formatted(folder.path(), reason));
  }

  @Override
  public void stepped(StepMetrics metrics) {
    step = metrics.step();
    // Smoothed, as single steps jump about.
    imagesPerSecond =
        imagesPerSecond == 0
            ? metrics.imagesPerSecond()
            : 0.9 * imagesPerSecond + 0.1 * metrics.imagesPerSecond();
    progress.update(
        step,
        expectedSteps(),
        "loss %.4f, %.1f images/s".formatted(metrics.lossAverage(), imagesPerSecond));
  }

  /** With a budget of time, what the rate so far makes of it. */
  private long expectedSteps() {
    if (budget.isEmpty()) {
      return steps;
    }
    double rate = (step - started.step()) / progress.seconds();
    double left = Math.max(0, seconds(budget.get()) - progress.seconds());
    return Math.min(steps, step + Math.round(rate * left));
  }

  @Override
  public void validated(long at, ValidationResult result) {
    progress.note(
        result.images() == 1
            ? "Step %d: validation loss %.5f, one image".formatted(at, result.loss())
            : "Step %d: validation loss %.5f +- %.5f (standard error), %d images"
                .formatted(at, result.loss(), result.standardError(), result.images()));
  }

  @Override
  public void sampled(Path grid) {
    progress.note("Step %d: drew %s".formatted(step, grid));
  }

  @Override
  public void averaged(List<Path> snapshots) {
    progress.note("Step %d: saved the averages %s".formatted(step, names(snapshots)));
  }

  private static String names(List<Path> files) {
    return files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  @Override
  public void saved(Path file) {
    checkpoint = Optional.of(file);
    progress.note("Step %d: saved %s".formatted(step, file));
  }

  @Override
  public boolean stop() {
    return stopRequest.received()
        || budget.map(time -> progress.seconds() >= seconds(time)).orElse(false);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1e3;
  }

  private void report(Map<String, String> skipped) {
    if (!skipped.isEmpty()) {
      out.println("%d images could not be read and were skipped:".formatted(skipped.size()));
      skipped.entrySet().stream()
          .limit(LISTED_IMAGES)
          .forEach(image -> out.println("  %s: %s".formatted(image.getKey(), image.getValue())));
      if (skipped.size() > LISTED_IMAGES) {
        out.println("  and %d more".formatted(skipped.size() - LISTED_IMAGES));
      }
    }
    checkpoint.ifPresent(
        file ->
            out.println(
                stopRequest.received()
                    ? "Stopped at step %d and saved %s.".formatted(step, file)
                    : "Trained to step %d; the checkpoint is %s.".formatted(step, file)));
    out.flush();
  }
}
