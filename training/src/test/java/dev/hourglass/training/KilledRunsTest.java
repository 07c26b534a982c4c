package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever a run starts from, and wherever it is interrupted, it ends with the same bytes. */
class KilledRunsTest {

  private static final int FIRST = 3;
  private static final int LAST = 9;

  /** What a run starts from. */
  enum From {
    NOTHING,
    WEIGHTS,
    OTHER_RUN,
    ITSELF
  }

  /** What updates the weights. */
  enum Updates {
    ADAMW,
    MUON;

    /** With snapshots of averages; 0 is the inverse schedule, which has none. */
    Config config(int snapshotEvery) {
      Config config =
          TinyModel.withOptimizer("{\"type\": \"%s\"}".formatted(name().toLowerCase(Locale.ROOT)));
      return snapshotEvery == 0 ? config : TinyModel.withPowerAverages(config, snapshotEvery);
    }
  }

  @Property(tries = 24, shrinking = ShrinkingMode.OFF)
  void theSameCommandGivenAgainAfterAnInterruptionEndsWithTheSameBytes(
      @ForAll Updates updates,
      @ForAll From from,
      @ForAll boolean resetsAverage,
      @ForAll boolean accumulates,
      @ForAll @IntRange(max = 3) int snapshotEvery,
      @ForAll @IntRange(min = 1, max = 4) int saveEvery,
      @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1, max = 4) Integer> ends,
      @ForAll boolean stops)
      throws IOException {
    Path folder = Files.createTempDirectory("killed-runs");
    try {
      Runs runs = new Runs(folder, updates.config(snapshotEvery));
      TrainSettings settings =
          Runs.SETTINGS
              .withBatch(accumulates ? 3 : 6, accumulates ? 2 : 1)
              .withIntervals(new Intervals(0, 4, saveEvery, 2));
      TrainSettings command =
          settings.withSteps(LAST).withRestart(new Restart(resetsAverage, false));
      Origin origin = prepare(runs, from, settings);

      runs.train("whole", command, origin);
      long step = from == From.OTHER_RUN || from == From.ITSELF ? FIRST : 0;
      for (int steps : ends) {
        step += steps;
        if (step < LAST) {
          runs.train("killed", command, origin, step, stops);
        }
      }
      runs.train("killed", command, origin);

      assertThat(runs.checkpoint("killed", LAST)).isEqualTo(runs.checkpoint("whole", LAST));
      assertThat(runs.metrics("killed")).isEqualTo(runs.metrics("whole"));
      assertThat(runs.snapshots("killed"))
          .containsExactlyInAnyOrderEntriesOf(runs.snapshots("whole"))
          .hasSize(snapshotEvery == 0 ? 0 : snapshots(from, snapshotEvery));
      // And once more, with more steps: there is nothing left to reset.
      runs.train("killed", command.withSteps(LAST + 2), origin);
      runs.train("whole", command.withSteps(LAST + 2).withRestart(Restart.PLAIN), origin);
      assertThat(runs.checkpoint("killed", LAST + 2)).isEqualTo(runs.checkpoint("whole", LAST + 2));
    } finally {
      delete(folder);
    }
  }

  /** Two a time, at every multiple from the run's beginning on. */
  private static int snapshots(From from, int every) {
    return 2 * (LAST / every - (from == From.OTHER_RUN ? FIRST / every : 0));
  }

  /** Makes what the command finds. */
  private static Origin prepare(Runs runs, From from, TrainSettings settings) {
    TrainSettings first = settings.withSteps(FIRST);
    return switch (from) {
      case NOTHING -> new Origin.Run();
      case WEIGHTS -> {
        runs.train("base", first, new Origin.Run());
        yield new Origin.Weights(runs.folder("base").checkpoint(FIRST));
      }
      case OTHER_RUN -> {
        // It was reset itself, which is its own affair.
        runs.train("base", first.withRestart(new Restart(true, false)), new Origin.Run());
        yield new Origin.Checkpoint(runs.folder("base").checkpoint(FIRST));
      }
      case ITSELF -> {
        runs.train("whole", first, new Origin.Run());
        runs.train("killed", first, new Origin.Run());
        yield new Origin.Run();
      }
    };
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
