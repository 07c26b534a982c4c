package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidationCommandTest {

  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void makeFixture() {
    fixture = Fixture.in(folder);
  }

  private Object[] train(int steps, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "train",
                "--config",
                fixture.config(),
                "--name",
                "run",
                "--runs",
                fixture.runs(),
                "--steps",
                steps,
                "--batch-size",
                4,
                "--sample-every",
                0));
    words.addAll(Arrays.asList(more));
    return words.toArray();
  }

  private List<String> metrics() throws IOException {
    return Files.readAllLines(fixture.runs().resolve("run/metrics.csv"));
  }

  @Test
  void aShareOfTheImagesIsHeldOutAndTheRunRemembersIt() throws IOException {
    CommandRun first = CommandRun.succeeds(train(2, "--validate", "25%", "--validate-every", 1));
    assertThat(first.out())
        .contains("18 images in 3 classes, and 6 to validate on")
        .containsPattern(
            "Step 1: validation loss 0\\.\\d{5} \\+- 0\\.\\d{5} .standard error., 6 images");
    CommandRun second = CommandRun.succeeds(train(4));
    assertThat(second.out()).contains("and 6 to validate on").contains("Step 4: validation loss");
    assertThat(metrics().getFirst()).contains(",validation_loss,validation_standard_error,");
    assertThat(metrics().get(2)).doesNotEndWith(",");
    assertThat(metrics().get(3)).endsWith(",,,,,,,,,,");
  }

  @Test
  void anotherShareIsRefusedOnceARunHasBegun() {
    CommandRun.succeeds(train(1, "--validate", "0.25"));
    CommandRun.isRefused("holds out a share of 0.25 of its images", train(2, "--validate", "0.5"));
  }

  @Test
  void otherImagesCanBeValidatedOn() throws IOException {
    Path other = fixture.resolve("other");
    for (String name : Fixture.CLASSES) {
      Files.createDirectories(other.resolve(name));
      Files.copy(
          fixture.resolve("images").resolve(name).resolve("0.png"),
          other.resolve(name).resolve("0.png"));
    }
    CommandRun run = CommandRun.succeeds(train(2, "--validate", other, "--validate-every", 2));
    assertThat(run.out())
        .contains("24 images in 3 classes, and 3 to validate on")
        .containsOnlyOnce("validation loss");
  }

  @ParameterizedTest
  @CsvSource({
    "2, above 0 and below 1",
    "0.001, hold out at least one image",
    "nowhere, There are no images to validate on at nowhere"
  })
  void whatCannotBeHeldOutIsRefused(String validate, String reason) {
    CommandRun.isRefused(reason, train(1, "--validate", validate));
  }

  @Test
  void imagesOfOtherClassesAreRefused() throws IOException {
    Path other = fixture.resolve("other");
    for (String name : List.of("blue", "cyan", "red")) {
      Files.createDirectories(other.resolve(name));
      Files.copy(fixture.resolve("images/red/0.png"), other.resolve(name).resolve("0.png"));
    }
    CommandRun.isRefused(
        "class 1 is \"cyan\" there and \"green\" here", train(1, "--validate", other));
  }

  @Test
  void aCheckpointIsMeasuredOnTheImagesThatItsTrainingHeldOut() throws IOException {
    CommandRun.succeeds(train(3, "--validate", "25%", "--precision", "fp32"));
    Path checkpoint = fixture.runs().resolve("run/checkpoints/step-00000003.safetensors");
    Path json = folder.resolve("loss.json");
    CommandRun run =
        CommandRun.succeeds(
            "evaluate",
            "--checkpoint",
            checkpoint,
            "--data",
            fixture.resolve("images"),
            "--loss",
            "--held-out",
            "25%",
            "--precision",
            "fp32",
            "--batch-size",
            4, // As in training: to the bit.
            "--out",
            json);
    assertThat(run.out()).contains("loss, soft-min-snr, 6 images", "analytic, over images");
    String last = metrics().getLast();
    String loss = last.split(",", -1)[8];
    assertThat(Files.readString(json)).contains("\"value\" : " + loss);
    // At the noise levels of another config all other numbers follow.
    Path other = folder.resolve("other.json");
    Files.writeString(
        other,
        Files.readString(fixture.config())
            .replace(
                "\"type\": \"cosine-interpolated\"",
                "\"type\": \"lognormal\", \"loc\": 0, \"scale\": 1"));
    CommandRun.succeeds(
        "evaluate",
        "--checkpoint",
        checkpoint,
        "--data",
        fixture.resolve("images"),
        "--loss",
        "--levels-of",
        other,
        "--out",
        json);
    assertThat(Files.readString(json)).contains("\"images\" : 24").doesNotContain(loss);
    CommandRun.isRefused(
        "give --loss", "evaluate", "--checkpoint", checkpoint, "--held-out", "0.1");
    CommandRun.isRefused(
        "leave out", "evaluate", "--checkpoint", checkpoint, "--loss", "--sweep", "guidance=1,2");
    CommandRun.isRefused(
        "--held-out must be the share",
        "evaluate",
        "--checkpoint",
        checkpoint,
        "--loss",
        "--held-out",
        "images");
  }
}
