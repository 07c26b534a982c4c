package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configs with comments, of the form of the ablation code, wherever a command takes a config. */
class CommentedConfigTest {

  @TempDir static Path folder;
  private static Fixture fixture;
  private static Path config;

  @BeforeAll
  static void write() throws IOException {
    fixture = Fixture.in(folder);
    String text =
        Files.readString(fixture.config())
            .replace("\"sigma_data\": 0.5", "\"loss_weighting\": \"min-snr\", \"sigma_data\": 0.5")
            .replace(
                "\"num_classes\": 3",
                "\"num_classes\": 3, // three\n \"estimated_samples\": 24 /* all */");
    config = fixture.write("theirs.jsonc", "// forked from another\n" + text + "// the end\n");
  }

  @Test
  void itTrainsAndTheRunGoesOnByItself() {
    CommandRun.succeeds(words(1, "--config", config));
    assertThat(CommandRun.succeeds(words(2)).out()).contains("Trained to step 2");
  }

  private static Object[] words(int steps, Object... more) {
    Object[] words = {
      "train",
      "--runs",
      fixture.runs(),
      "--name",
      "commented",
      "--data",
      fixture.resolve("images"),
      "--steps",
      steps,
      "--batch-size",
      8,
      "--sample-every",
      0
    };
    Object[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return all;
  }

  @Test
  void itIsInspected() {
    assertThat(CommandRun.succeeds("inspect", config).out()).contains("16x16 pixels");
  }

  @Test
  void itCompletesACheckpoint() throws IOException, URISyntaxException {
    String theirs = Files.readString(resource("k-diffusion.json"));
    Path commented = fixture.write("k-diffusion.jsonc", "/* theirs */ " + theirs + "# the end");
    CommandRun.succeeds(
        "convert",
        resource("k-diffusion-without-config.pth"),
        "--config",
        commented,
        "--out",
        folder.resolve("whole.safetensors"));
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(CommentedConfigTest.class.getResource(name).toURI());
  }

  @Test
  void whatIsIgnoredIsSaidInOneLine() throws IOException, InterruptedException {
    ChildProcess process = ChildProcess.start(folder.resolve("log"), "inspect", config);
    assertThat(process.awaitEnd()).isZero();
    assertThat(process.output().lines().filter(line -> line.startsWith("hourglass: ")))
        .containsExactly(
            "hourglass: "
                + config
                + ": ignored, since only the authors' Python code reads it:"
                + " dataset.estimated_samples.");
    assertThat(process.output()).doesNotContain("INFO");
  }

  @Test
  void whatIsWrongInItIsSaidInOneLine() throws IOException {
    String text = Files.readString(config);
    CommandRun.isRefused(
        "model.loss_weighting_params.gama is not a known key; did you mean \"gamma\"?",
        "inspect",
        fixture.write(
            "gama.jsonc",
            text.replace(
                "\"min-snr\",", "\"min-snr\", \"loss_weighting_params\": {\"gama\": 5},")));
    CommandRun.isRefused(
        "dataset.estimated_sample is not a known key; did you mean \"estimated_samples\"?",
        "inspect",
        fixture.write("sample.jsonc", text.replace("estimated_samples", "estimated_sample")));
  }
}
