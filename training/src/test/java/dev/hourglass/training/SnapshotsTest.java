package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.config.Config;
import dev.hourglass.config.PowerAverage;
import dev.hourglass.core.InputException;
import dev.hourglass.model.Parameters;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.training.snapshot.Reconstruction;
import dev.hourglass.training.snapshot.Snapshot;
import dev.hourglass.training.snapshot.Snapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of a run's averages, and what is made of them. */
class SnapshotsTest {

  private static final String WEIGHT = "mid_level.0.self_attn.qkv_proj.weight";

  @TempDir Path folder;

  private static TrainSettings settings(long steps) {
    return Runs.SETTINGS.withSteps(steps).withIntervals(new Intervals(0, 4, 2, 1));
  }

  private Runs trained(String name, int every, long steps) {
    Runs runs = new Runs(folder, TinyModel.withPowerAverages(every));
    runs.train(name, settings(steps), new Origin.Run());
    return runs;
  }

  private static double[] weight(Path file, String prefix, Config config) {
    try (Parameters weights = Parameters.read(file, prefix, config.model())) {
      return Tensors.toDoubles(weights.get(WEIGHT));
    }
  }

  @Test
  void everyAverageIsPutDownAtEveryMultipleAndNoneIsDeleted() {
    Runs runs = trained("run", 2, 7);
    assertThat(runs.snapshots("run").keySet())
        .containsExactlyInAnyOrder(
            "ema-0.05-step-00000002.safetensors",
            "ema-0.05-step-00000004.safetensors",
            "ema-0.05-step-00000006.safetensors",
            "ema-0.1-step-00000002.safetensors",
            "ema-0.1-step-00000004.safetensors",
            "ema-0.1-step-00000006.safetensors");
    assertThat(runs.folder("run").checkpoint(4)).doesNotExist();
  }

  @Test
  void aRunWithTheInverseScheduleHasNone() {
    Runs runs = new Runs(folder);
    runs.train("inverse", settings(2), new Origin.Run());
    assertThat(runs.folder("inverse").snapshots()).doesNotExist();
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Snapshots.of(runs.folder("inverse")))
        .withMessageContaining("inverse has no snapshots of averaged weights; train a run with");
  }

  @Test
  void aCheckpointHoldsAllAveragesAndTheShortestIsThatOfTheModelFile() {
    Runs runs = trained("run", 4, 4);
    Path checkpoint = runs.folder("run").checkpoint(4);
    Path shortest = runs.folder("run").snapshot(0.05, 4);
    Path longer = runs.folder("run").snapshot(0.1, 4);
    double[] average = weight(checkpoint, "ema.", runs.config());
    assertThat(average)
        .isEqualTo(weight(shortest, "", runs.config()))
        .isNotEqualTo(weight(checkpoint, "model.", runs.config()))
        .isNotEqualTo(weight(longer, "", runs.config()));
    assertThat(weight(checkpoint, "ema_0.1.", runs.config()))
        .isEqualTo(weight(longer, "", runs.config()));
    assertThat(ModelFile.open(checkpoint).averagedPrefix()).isEqualTo("ema.");
    assertThat(ModelFile.open(shortest).step()).hasValue(4);
  }

  /** The weights after each step are in the checkpoints; the averages follow the equation. */
  @Test
  void averagesAreThoseOfTheWeightsOfAllSteps() {
    Runs runs = new Runs(folder, TinyModel.withPowerAverages(1));
    runs.train("run", settings(5).withIntervals(new Intervals(0, 4, 1, 10)), new Origin.Run());
    for (double sigmaRel : new double[] {0.05, 0.1}) {
      PowerAverage average = new PowerAverage(sigmaRel);
      double[] expected = null;
      for (int step = 1; step <= 5; step++) {
        double[] w = weight(runs.folder("run").checkpoint(step), "model.", runs.config());
        double[] before = expected == null ? w : expected;
        double decay = average.decay(step);
        expected = new double[w.length];
        Arrays.setAll(expected, i -> decay * before[i] + (1 - decay) * w[i]);
        assertThat(weight(runs.folder("run").snapshot(sigmaRel, step), "", runs.config()))
            .usingComparatorWithPrecision(1e-7)
            .containsExactly(expected);
      }
    }
  }

  @Test
  void anAverageThatWasTrackedIsMadeOfItsOwnSnapshot() {
    Runs runs = trained("run", 2, 8);
    List<Snapshot> snapshots = Snapshots.of(runs.folder("run")).upTo(8);
    assertThat(snapshots).hasSize(8);
    for (double sigmaRel : new double[] {0.05, 0.1}) {
      Path made = folder.resolve("made.safetensors");
      Reconstruction.of(snapshots, new PowerAverage(sigmaRel)).write(made, () -> {});
      assertThat(weight(made, "", runs.config()))
          .usingComparatorWithPrecision(1e-9)
          .containsExactly(weight(runs.folder("run").snapshot(sigmaRel, 8), "", runs.config()));
    }
  }

  /** Of an independent sum in double, tensors that do not train included. */
  @Test
  void anAverageIsTheSumOfItsSnapshots() {
    Runs runs = trained("run", 3, 9);
    Snapshots all = Snapshots.of(runs.folder("run"));
    assertThat(all.lastStep()).isEqualTo(9);
    List<Snapshot> snapshots = all.upTo(6);
    assertThat(snapshots).extracting(s -> s.label().step()).containsExactly(3L, 3L, 6L, 6L);
    Reconstruction reconstruction = Reconstruction.of(snapshots, new PowerAverage(0.13));
    Path made = folder.resolve("made.safetensors");
    int[] calls = {0};
    reconstruction.write(made, () -> calls[0]++);
    assertThat(calls[0]).isEqualTo(4);
    double[] sum = new double[weight(made, "", runs.config()).length];
    for (int k = 0; k < snapshots.size(); k++) {
      double[] w = weight(snapshots.get(k).model().path(), "", runs.config());
      for (int i = 0; i < sum.length; i++) {
        sum[i] += reconstruction.factors().get(k) * w[i];
      }
    }
    assertThat(weight(made, "", runs.config()))
        .usingComparatorWithPrecision(1e-8)
        .containsExactly(sum);
    ModelFile model = ModelFile.open(made);
    assertThat(model.step()).hasValue(6);
    assertThat(model.config()).isEqualTo(runs.config());
    assertThat(model.classNames()).containsExactly("dark", "bright");
    try (Parameters weights = model.averagedWeights();
        Parameters one = snapshots.getFirst().model().averagedWeights()) {
      weights.specs().stream()
          .filter(spec -> !spec.trained())
          .forEach(
              spec ->
                  assertThat(Tensors.toDoubles(weights.get(spec.name())))
                      .as(spec.name())
                      .isEqualTo(Tensors.toDoubles(one.get(spec.name()))));
      assertThat(weights.specs()).anyMatch(spec -> !spec.trained());
    }
  }

  /** After a reset the averages count their steps anew, and older snapshots are of no use. */
  @Test
  void snapshotsOfBeforeAResetAreLeftOut() {
    Runs runs = trained("run", 2, 5);
    runs.train("run", settings(8).withRestart(new Restart(true, false)), new Origin.Run());
    Snapshots all = Snapshots.of(runs.folder("run"));
    assertThat(all.upTo(8)).extracting(s -> s.label().step()).containsExactly(6L, 6L, 8L, 8L);
    assertThat(all.upTo(8).getLast().label().averageSteps()).isEqualTo(3);
    assertThat(all.upTo(4)).extracting(s -> s.label().step()).containsExactly(2L, 2L, 4L, 4L);
  }

  @Test
  void oneAverageAloneWillDo() {
    Config config =
        Config.parse(
            TinyModel.withPowerAverages(2)
                .toJson()
                .replaceAll("\\[\\s*0.05,\\s*0.1\\s*\\]", "[0.2]"),
            "test");
    Runs runs = new Runs(folder, config);
    runs.train("run", settings(6), new Origin.Run());
    List<Snapshot> snapshots = Snapshots.of(runs.folder("run")).upTo(6);
    assertThat(snapshots).hasSize(3);
    Reconstruction reconstruction = Reconstruction.of(snapshots, new PowerAverage(0.25));
    assertThat(reconstruction.factors().stream().mapToDouble(f -> f).sum())
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void aStepWithoutSnapshotsIsAnsweredWithTheNearest() {
    Snapshots all = Snapshots.of(trained("run", 3, 9).folder("run"));
    assertNone(all, 5, "no snapshots of step 5; the nearest are of step 3 and 6");
    assertNone(all, 1, "no snapshots of step 1; the nearest are of step 3");
    assertNone(all, 100, "no snapshots of step 100; the nearest are of step 9");
  }

  private static void assertNone(Snapshots all, long step, String message) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> all.upTo(step))
        .withMessageContaining(message);
  }

  @Test
  void whatIsNoSnapshotAmongThemIsNamed() throws IOException {
    Runs runs = trained("run", 2, 2);
    Path stray = runs.folder("run").snapshot(0.2, 2);
    Files.copy(runs.folder("run").checkpoint(2), stray);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Snapshots.of(runs.folder("run")))
        .withMessage(
            stray + " is no snapshot of averaged weights, or a damaged one; move it elsewhere.");
  }

  @Test
  void snapshotsOfTwoRunsAtOneStepAreRefused() throws IOException {
    Runs runs = trained("run", 2, 2);
    runs.train("other", settings(2).withSeed(5), new Origin.Run());
    Files.delete(runs.folder("run").snapshot(0.1, 2));
    Files.copy(runs.folder("other").snapshot(0.1, 2), runs.folder("run").snapshot(0.1, 2));
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Snapshots.of(runs.folder("run")).upTo(2))
        .withMessageContaining("snapshots of several runs at step 2");
  }
}
