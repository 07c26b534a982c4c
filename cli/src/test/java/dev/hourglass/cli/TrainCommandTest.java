package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {

  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void makeFixture() {
    fixture = Fixture.in(folder);
  }

  @Test
  void aRunLeavesAllItsFilesAndSaysWhatToDoNext() {
    CommandRun run =
        CommandRun.succeeds(
            "train",
            "--config",
            fixture.config(),
            "--name",
            "all",
            "--runs",
            fixture.runs(),
            "--steps",
            5,
            "--batch-size",
            8,
            "--sample-every",
            3,
            "--sample-count",
            4,
            "--save-every",
            2,
            "--keep",
            2,
            "--precision",
            "bf16",
            "--checkpointing");

    Path all = fixture.runs().resolve("all");
    assertThat(run.out())
        .contains("24 images in 3 classes", "Trained to step 5")
        .contains("sample --checkpoint " + all.resolve("checkpoints/step-00000005.safetensors"));
    assertThat(all.resolve("config.json")).isRegularFile();
    assertThat(all.resolve("metrics.csv")).isRegularFile();
    assertThat(all.resolve("loss.png")).isRegularFile();
    assertThat(all.resolve("samples")).isDirectoryContaining("glob:**step-00000003.png");
    assertThat(all.resolve("samples")).isDirectoryContaining("glob:**step-00000005.png");
    assertThat(all.resolve("checkpoints").toFile().list())
        .containsExactlyInAnyOrder("step-00000004.safetensors", "step-00000005.safetensors");
  }

  @Test
  void theConfigOfARunIsRememberedAndStepsThatAreDoneAreNotDoneAgain() {
    fixture.trained(2);
    CommandRun run =
        CommandRun.succeeds(
            "train",
            "--name",
            "trained",
            "--runs",
            fixture.runs(),
            "--steps",
            2,
            "--data",
            fixture.resolve("images"));
    assertThat(run.out()).contains("is at step 2 already; give a higher --steps");
  }

  @Test
  void whatWasPassedOverIsSaidOnceAtTheStartAndClassesWithCommasAreChosenByName() throws Exception {
    Path images = fixture.resolve("images");
    Files.move(images.resolve("blue"), images.resolve("Food, Drink"));
    Files.move(images.resolve("green"), images.resolve("Hand"));
    Files.move(images.resolve("red"), images.resolve("a b"));
    Files.createDirectories(images.resolve("lost+found"));
    Files.createDirectories(images.resolve("empty"));
    Files.createSymbolicLink(images.resolve("Hand/up"), images);
    Files.writeString(images.resolve("a b/a.psd"), "");
    Files.writeString(images.resolve("a b/notes.txt"), "");

    Path checkpoint = fixture.trained(1);
    CommandRun again =
        CommandRun.succeeds(
            "train", "--name", "trained", "--runs", fixture.runs(), "--data", images, "--steps", 1);
    assertThat(again.out())
        .containsOnlyOnce("1 passed over (left by the operating system): lost+found/.")
        .containsOnlyOnce("1 passed over (class folder without images): empty/.")
        .containsOnlyOnce("1 passed over (link that loops): Hand/up.")
        .containsOnlyOnce("1 passed over (no decoder for .psd): a b/a.psd.")
        .doesNotContain("notes.txt");

    CommandRun.succeeds(
        "sample",
        "--checkpoint",
        checkpoint,
        "-n",
        3,
        "--steps",
        1,
        "--class",
        "\"Food, Drink\",hand,a b",
        "--out",
        folder.resolve("out"));
    String stem = checkpoint.getFileName().toString().replace(".safetensors", "");
    for (int i = 0; i < 3; i++) {
      assertThat(
              Png.read(folder.resolve("out/%s-0-%d.png".formatted(stem, i)))
                  .texts()
                  .get("hourglass"))
          .contains(
              "\"class_name\":\"%s\"".formatted(List.of("Food, Drink", "Hand", "a b").get(i)));
    }
  }

  @Test
  void corruptImagesAreSkippedCountedAndListed() throws Exception {
    Path png = fixture.resolve("images/red/3.png");
    Files.write(png, java.util.Arrays.copyOf(Files.readAllBytes(png), 60));
    fixture.write("images/blue/9.png", "this is no image");

    CommandRun run =
        CommandRun.succeeds(
            "train",
            "--config",
            fixture.config(),
            "--name",
            "corrupt",
            "--runs",
            fixture.runs(),
            "--steps",
            4,
            "--batch-size",
            13,
            "--sample-every",
            0);

    assertThat(run.out())
        .contains("2 images could not be read and were skipped:")
        .contains("  red/3.png: ", "  blue/9.png: ");
  }

  @Test
  void anotherRunStartsFromWeightsOrFromACheckpoint() {
    Path checkpoint = fixture.trained(3);
    CommandRun resumed =
        CommandRun.succeeds(
            "train",
            "--config",
            fixture.config(),
            "--name",
            "resumed",
            "--runs",
            fixture.runs(),
            "--steps",
            4,
            "--batch-size",
            8,
            "--sample-every",
            0,
            "--resume",
            checkpoint);
    assertThat(resumed.out()).contains("starts from step 3 of another run");
    CommandRun tuned =
        CommandRun.succeeds(
            "train",
            "--config",
            fixture.config(),
            "--name",
            "tuned",
            "--runs",
            fixture.runs(),
            "--steps",
            1,
            "--batch-size",
            8,
            "--sample-every",
            0,
            "--init",
            checkpoint,
            "--lr",
            "1e-9",
            "--reset-ema");
    assertThat(tuned.out()).contains("Trained to step 1").doesNotContain("Resuming");
  }

  @Test
  void lossThatIsNotFiniteStopsTheRunAndNamesTheLastGoodCheckpoint() {
    Path checkpoint = fixture.trained(1);
    CommandRun run =
        CommandRun.of(
            "train",
            "--config",
            fixture.config(),
            "--name",
            "trained",
            "--runs",
            fixture.runs(),
            "--steps",
            50,
            "--batch-size",
            8,
            "--sample-every",
            0,
            "--lr",
            "1e30");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .containsPattern("stopped before step \\d+ because the (loss|gradient) is (NaN|Infinity)")
        .contains("the last good checkpoint is " + checkpoint)
        .hasLineCount(1);
  }

  @Test
  void aBatchBeyondTheMemoryIsAnsweredWithAdvice() {
    CommandRun.isRefused(
        "not enough memory",
        "train",
        "--config",
        fixture.config(),
        "--name",
        "large",
        "--runs",
        fixture.runs(),
        "--batch-size",
        2_000_000);
  }
}
