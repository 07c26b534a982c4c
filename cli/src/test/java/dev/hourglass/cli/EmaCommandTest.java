package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a run with snapshots to images of averages that it did not keep. */
class EmaCommandTest {

  @TempDir static Path folder;
  private static Fixture fixture;
  private static Path run;

  @BeforeAll
  static void train() {
    fixture = Fixture.in(folder);
    Path config =
        fixture.configWith(
            "\"optimizer\": {",
            "\"ema_sched\": {\"type\": \"power\", \"snapshot_every\": 2},\n  \"optimizer\": {");
    run = fixture.runs().resolve("averaged");
    CommandRun training =
        CommandRun.succeeds(
            "train",
            "--config",
            config,
            "--name",
            "averaged",
            "--runs",
            fixture.runs(),
            "--steps",
            6,
            "--batch-size",
            8,
            "--sample-every",
            0);
    assertThat(training.out())
        .contains("Step 4: saved the averages " + snapshot("0.05", 4) + ", " + snapshot("0.1", 4));
  }

  private static Path snapshot(String sigmaRel, int step) {
    return run.resolve("snapshots/ema-%s-step-%08d.safetensors".formatted(sigmaRel, step));
  }

  private static Png sample(Path model) {
    Path out = folder.resolve("drawn");
    CommandRun.succeeds(
        "sample", "--checkpoint", model, "-n", 1, "--steps", 5, "--seed", 3, "--out", out);
    String stem = model.getFileName().toString().replace(".safetensors", "");
    return Png.read(out.resolve(stem + "-3-0.png"));
  }

  @Test
  void anAverageOfAnotherLengthDrawsImages() {
    Path out = folder.resolve("longer.safetensors");
    CommandRun made = CommandRun.succeeds("ema", run, "--sigma-rel", 0.13, "--out", out);
    assertThat(made.out())
        .contains("Averages at step 6, of 6 snapshots from step 2 on:", out + ": sigma_rel 0.13, ")
        .contains("sample --checkpoint " + out);
    try (SafetensorsFile file = SafetensorsFile.open(out)) {
      assertThat(file.metadata()).containsOnlyKeys("config", "class_names", "step");
      assertThat(file.tensors().values()).allMatch(tensor -> tensor.dtype() == DType.F32);
    }
    assertThat(sample(out).difference(sample(snapshot("0.05", 6)))).isPositive();
    assertThat(CommandRun.succeeds("inspect", out).out())
        .contains("inference checkpoint of step 6", "classes: blue, green, red");
  }

  @Test
  void aLengthThatWasKeptDrawsTheImagesOfItsSnapshotAndOfTheCheckpoint() {
    Path out = folder.resolve("kept.safetensors");
    CommandRun.succeeds("ema", run, "--sigma-rel", 0.05, "--out", out);
    Png image = sample(out);
    assertThat(image.difference(sample(snapshot("0.05", 6)))).isZero();
    Path checkpoint = run.resolve("checkpoints/step-00000006.safetensors");
    assertThat(image.difference(sample(checkpoint))).isZero();
  }

  @Test
  void severalLengthsGoIntoAFolderAndAnotherStepMayBeChosen() {
    Path out = folder.resolve("several");
    CommandRun.succeeds(
        "ema", run, "--sigma-rels", "0.03,0.05,0.2,0.05", "--step", 4, "--out", out);
    assertThat(out)
        .isDirectoryContaining("glob:**ema-0.03-step-00000004.safetensors")
        .isDirectoryContaining("glob:**ema-0.05-step-00000004.safetensors")
        .isDirectoryContaining("glob:**ema-0.2-step-00000004.safetensors");
    assertThat(out.toFile().list()).hasSize(3);
    assertThat(
            sample(out.resolve("ema-0.05-step-00000004.safetensors"))
                .difference(sample(snapshot("0.05", 4))))
        .isZero();
    CommandRun.succeeds(
        "convert", out.resolve("ema-0.2-step-00000004.safetensors"), "--out", folder.resolve("c"));
  }

  @Test
  void aFileThatExistsIsReplacedAsConvertDoes() throws IOException {
    Path out = folder.resolve("twice.safetensors");
    CommandRun.succeeds("ema", run, "--sigma-rel", 0.2, "--out", out);
    byte[] first = Files.readAllBytes(out);
    CommandRun.succeeds("ema", run, "--sigma-rel", 0.13, "--out", out);
    assertThat(out.toFile()).isFile();
    assertThat(Files.readAllBytes(out)).isNotEqualTo(first);
    CommandRun.succeeds("ema", run, "--sigma-rel", 0.2, "--out", out);
    assertThat(out).hasBinaryContent(first);
  }

  @Test
  void whatCannotBeDoneIsRefusedInASentence() {
    Path out = folder.resolve("refused.safetensors");
    refused("--sigma-rel is 0.3; give a number above 0 and below 0.289", run, "--sigma-rel", 0.3);
    refused("--sigma-rel is 0; give", run, "--sigma-rel", 0);
    refused("A number in --sigma-rels is -1; give", run, "--sigma-rels", "0.1,-1");
    refused("'--sigma-rels'", run, "--sigma-rels", "0.1,long");
    refused("--sigma-rel", run);
    refused("--sigma-rel", run, "--sigma-rel", 0.1, "--sigma-rels", 0.2);
    refused("nearest are of step 4 and 6", run, "--sigma-rel", 0.1, "--step", 5);
    Path nowhere = fixture.runs().resolve("nowhere");
    refused(nowhere + " is not the folder of a run", nowhere, "--sigma-rel", 0.1);
    Path empty = fixture.trained(1).getParent().getParent();
    refused(empty + " has no snapshots of averaged weights", empty, "--sigma-rel", 0.1);
    assertThat(out).doesNotExist();
    CommandRun.isRefused(
        "would write among the snapshots",
        "ema",
        run,
        "--sigma-rels",
        0.1,
        "--out",
        run.resolve("snapshots"));
    CommandRun.isRefused(
        "is a file; --sigma-rels needs a folder",
        "ema",
        run,
        "--sigma-rels",
        0.1,
        "--out",
        fixture.config());
  }

  private static void refused(String sentencePart, Object... words) {
    Object[] all = new Object[words.length + 3];
    all[0] = "ema";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--out";
    all[words.length + 2] = folder.resolve("refused.safetensors");
    CommandRun.isRefused(sentencePart, all);
  }
}
