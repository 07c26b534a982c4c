package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.metrics.StepMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs of a tiny model in a folder, which can be killed. */
record Runs(Path path, Config config) {

  /** Of {@link TinyModel}. */
  Runs(Path path) {
    this(path, TinyModel.CONFIG);
  }

  /** Steps of 10 images straddle the epochs of 21. */
  static final TrainSettings SETTINGS =
      TrainSettings.DEFAULT.withBatch(5, 2).withIntervals(new Intervals(0, 4, 1000, 3));

  /** What a killed process looks like from inside: nothing is saved after it. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  RunFolder folder(String name) {
    return new RunFolder(path.resolve(name));
  }

  /** Trains to the settings' last step, and returns how the run started. */
  RunStart train(String name, TrainSettings settings, Origin origin) {
    return train(name, settings, origin, Long.MAX_VALUE, false);
  }

  /**
   * Trains until a step.
   *
   * @param stops whether it stops there after saving, as by Ctrl-C; otherwise it is killed
   */
  RunStart train(
      String name, TrainSettings settings, Origin origin, long endsAfter, boolean stops) {
    List<RunStart> starts = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          private long step;

          @Override
          public void started(RunStart start) {
            starts.add(start);
          }

          @Override
          public void stepped(StepMetrics metrics) {
            step = metrics.step();
            if (!stops && step >= endsAfter) {
              throw new Killed();
            }
          }

          @Override
          public boolean stop() {
            return step >= endsAfter;
          }
        };
    try (TrainingData images = TrainingData.of(new TinyModel.Images());
        Trainer trainer = new Trainer(config, images, folder(name), settings, origin, listener)) {
      trainer.run();
    } catch (Killed e) {
      // As planned.
    }
    return starts.getFirst();
  }

  byte[] checkpoint(String name, long step) {
    try {
      return Files.readAllBytes(folder(name).checkpoint(step));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that the metrics say but for the time it took. */
  List<String> metrics(String name) {
    try {
      return Files.readAllLines(folder(name).metrics()).stream()
          .map(line -> line.replaceFirst(",[^,]*,[^,]*$", ""))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
