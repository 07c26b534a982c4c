package dev.hourglass.cli;

import static dev.hourglass.cli.CommandRun.isRefused;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the user gets wrong: exit code 2 and one line that says what. */
class BadInputTest {

  private static final AtomicInteger RUNS = new AtomicInteger();

  @TempDir static Path folder;
  private static Fixture fixture;
  private static Path checkpoint;

  @BeforeAll
  static void train() {
    fixture = Fixture.in(folder);
    checkpoint = fixture.trained(1);
  }

  /** Of a new run, unless the options name one. */
  private static void trainingIsRefused(String sentencePart, Path config, Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("train", "--config", config, "--runs", fixture.runs()));
    if (!Arrays.asList(more).contains("--name")) {
      words.addAll(List.of("--name", "refused-" + RUNS.incrementAndGet()));
    }
    words.addAll(Arrays.asList(more));
    isRefused(sentencePart, words.toArray());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "widths": [32, 64]        | "widhts": [32, 64]        | did you mean "widths"?
          "sigma_data": 0.5         | "sigma_data": 0.5, "x": 1 | model.x is not a known key
          "patch_size": [2, 2]      | "patch_size": "2"         | model.patch_size is "2"
          "depths": [1, 1]          | "depths": [1, 1, 1]       | depths
          "widths": [32, 64]        | "widths": [32, 72]        | model.widths
          "kernel_size": 3          | "kernel_size": 9          | kernel_size
          "input_size": [16, 16]    | "input_size": [18, 16]    | 18x16
          "num_classes": 3          | "num_classes": 4          | dataset.num_classes is 4
          "type": "imagefolder-class" | "type": "huggingface"   | dataset.type is "huggingface"
          "location": "images",     | ``                        | dataset.location is missing
          "input_channels": 3       | "input_channels": 2       | channel
          "lr": 5e-3                | "lr": "fast"              | optimizer.lr is "fast"
          "dropout_rate": 0.1,      | "dropout_rate": 0.1       | changed.json: line
          """)
  void wrongConfigsAreRefused(String piece, String replacement, String sentencePart) {
    trainingIsRefused(sentencePart, fixture.configWith(piece, replacement));
  }

  @Test
  void wrongConfigFilesAreRefused() {
    trainingIsRefused("there is no such file", folder.resolve("missing.json"));
    trainingIsRefused("is a safetensors checkpoint, not a config", checkpoint);
    isRefused("give the config", "train", "--name", "none", "--runs", fixture.runs());
  }

  @Test
  void wrongDataIsRefused() throws Exception {
    trainingIsRefused("does not exist", fixture.config(), "--data", folder.resolve("nowhere"));
    Path empty = Files.createDirectories(folder.resolve("empty"));
    trainingIsRefused("No images were found in " + empty, fixture.config(), "--data", empty);
    for (String name : Fixture.CLASSES) {
      fixture.write("broken/" + name + "/1.png", "this is no image");
    }
    trainingIsRefused("image", fixture.config(), "--data", folder.resolve("broken"));
  }

  @Test
  void wrongCheckpointsAreRefused() throws Exception {
    byte[] bytes = Files.readAllBytes(checkpoint);
    Path truncated =
        Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(bytes, bytes.length / 2));
    isRefused("is truncated", "sample", "--checkpoint", truncated);
    isRefused("is truncated", "inspect", truncated);
    isRefused("is truncated", "convert", truncated, "--out", folder.resolve("o.safetensors"));
    trainingIsRefused("is truncated", fixture.config(), "--init", truncated);
    trainingIsRefused("is truncated", fixture.config(), "--resume", truncated);

    isRefused("There is no file", "sample", "--checkpoint", folder.resolve("none.safetensors"));
    isRefused(
        "holds a config of its own",
        "convert",
        checkpoint,
        "--config",
        fixture.config(),
        "--out",
        "o");
  }

  @Test
  void checkpointsOfAnotherConfigAreRefused() {
    Path other = fixture.configWith("\"widths\": [32, 64]", "\"widths\": [32, 48]");
    trainingIsRefused("belongs to another config (model.widths", other, "--resume", checkpoint);
    trainingIsRefused("belongs to another config", other, "--init", checkpoint);
    trainingIsRefused("was started with another config (model.widths", other, "--name", "trained");
    trainingIsRefused(
        "was trained with seed 0, not 5", fixture.config(), "--name", "trained", "--seed", 5);
  }

  @Test
  void foldersThatCannotBeWrittenAreRefused() {
    Path file = fixture.write("runs-file", "not a folder");
    isRefused(
        "Cannot write",
        "train",
        "--config",
        fixture.config(),
        "--name",
        "x",
        "--runs",
        file,
        "--steps",
        1);
    isRefused(
        "Cannot write", "sample", "--checkpoint", checkpoint, "-n", 1, "--steps", 2, "--out", file);
    isRefused("Cannot write", "convert", checkpoint, "--out", file.resolve("model.safetensors"));
    isRefused(
        "must consist of letters",
        "train",
        "--config",
        fixture.config(),
        "--name",
        "../x",
        "--steps",
        1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --class 3                     | There is no class '3'
          --class zebra                 | There is no class 'zebra'
          --sampler eular               | did you mean "euler"?
          --schedule karas              | did you mean "karras"?
          --schedule karras:x           | "x" in the sigma schedule
          --sampler euler --eta 1       | The sampler euler has no option eta
          --sampler-options eto=1       | There is no sampler option "eto"
          --precision fp8               | Invalid value for option '--precision'
          --size 18                     | The image size is 18x18
          --size 16x                    | "16x" is not a size
          --vector 1,2                  | a vector of 0 numbers but 2 were given
          --vector 1,b                  | "b" in "1,b" is not a finite number
          -n 0                          | must be at least 1
          --batch-size 0                | must be at least 1
          --batch-size 2000000000 -n 2000000000 | is too large
          --steps 0                     | must be at least 1
          --guidance NaN                | must be a finite number
          --first-index -1              | must not be negative
          --threads 0                   | must be at least 1
          --no-images                   | leaves nothing to write
          --stpes 5                     | did you mean --steps?
          """)
  void wrongSamplingOptionsAreRefused(String options, String sentencePart) {
    List<Object> words =
        new ArrayList<>(
            List.of("sample", "--checkpoint", checkpoint, "--out", folder.resolve("o")));
    words.addAll(List.of((Object[]) options.split(" ")));
    isRefused(sentencePart, words.toArray());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --steps 0                     | must be at least 1
          --steps many                  | 'many' is not a long
          --batch-size 2147483647       | is too large
          --accumulate 2147483647       | is too large
          --lr -1                       | The learning rate must be above 0
          --save-every 0                | must be at least 1
          --resume a --init b           | mutually exclusive
          --precision half              | Invalid value for option '--precision'
          --bach-size 3                 | did you mean --batch-size?
          """)
  void wrongTrainingOptionsAreRefused(String options, String sentencePart) {
    List<Object> words = List.of((Object[]) options.split(" "));
    trainingIsRefused(sentencePart, fixture.config(), words.toArray());
  }

  @Test
  void wrongCommandsAreRefused() {
    isRefused("did you mean train?", "trian");
    isRefused("Missing required option: '--checkpoint=FILE'", "sample");
    isRefused("Missing required parameter: 'FILE'", "inspect");
    isRefused("--minutes must be above 0", "quickstart", "--minutes", 0);
    isRefused("expected one of", "convert", checkpoint, "--out", "o", "--dtype", "fp8");
    isRefused("The image size is 18x18", "inspect", checkpoint, "--size", 18);
    isRefused("must be at least 1", "inspect", checkpoint, "--batch-size", 0);
  }
}
