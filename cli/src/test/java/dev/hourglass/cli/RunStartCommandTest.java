package dev.hourglass.cli;

import static dev.hourglass.cli.CommandRun.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.safetensors.TensorData;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How runs start, what is said of it, and who may train where. */
class RunStartCommandTest {

  @TempDir static Path folder;
  private static Fixture fixture;
  private static Path checkpoint;

  @BeforeAll
  static void train() {
    fixture = Fixture.in(folder);
    checkpoint = fixture.trained(3);
  }

  private static Object[] train(String name, int steps, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "train", "--config", fixture.config(), "--name", name, "--runs", fixture.runs()));
    words.addAll(List.of("--steps", steps, "--batch-size", 8, "--sample-every", 0));
    words.addAll(Arrays.asList(more));
    return words.toArray();
  }

  private static Path run(String name) {
    return fixture.runs().resolve(name);
  }

  @Test
  void whatIsSaidIsWhatHappens() {
    assertThat(CommandRun.succeeds(train("new", 1)).out())
        .contains(run("new") + " starts from fresh weights of seed 0.");
    assertThat(CommandRun.succeeds(train("tuned", 1, "--init", checkpoint)).out())
        .contains(run("tuned") + " starts at step 0 with the averaged weights of " + checkpoint);
    assertThat(CommandRun.succeeds(train("other", 4, "--resume", checkpoint)).out())
        .contains(run("other") + " starts from step 3 of another run, " + checkpoint + ".")
        .doesNotContain("Resuming");
    assertThat(CommandRun.succeeds(train("other", 5, "--resume", checkpoint)).out())
        .contains("Resuming " + run("other") + " at step 4.")
        .contains("it goes on from its own checkpoint, not from " + checkpoint + ".");
    assertThat(CommandRun.succeeds(train("other", 6, "--reset-ema")).out())
        .contains("Resuming " + run("other") + " at step 5.", "begin anew here.");
    assertThat(CommandRun.succeeds(train("other", 7, "--reset-ema")).out())
        .contains("The averaged weights began anew at step 5 and go on");
  }

  @Test
  void twoTrainingsInOneFolderAreOneTooMany() throws Exception {
    ChildProcess first =
        ChildProcess.start(folder.resolve("first.log"), train("locked", 1_000_000));
    try {
      first.awaitSteps(run("locked").resolve("metrics.csv"), 2);
      assertThat(first.isAlive()).as(first.output()).isTrue();
      ChildProcess second = ChildProcess.start(folder.resolve("second.log"), train("locked", 5));
      assertThat(second.awaitEnd()).isEqualTo(2);
      assertThat(second.output())
          .containsPattern(
              "hourglass: The run .*locked is being trained by process \\d+ on .+ since .+"
                  + "train --config .*; wait for it, stop it, or choose another --name\\.")
          .doesNotContain("Exception");
      isRefused("is being trained by process", train("locked", 5));
    } finally {
      first.kill();
    }
    CommandRun.succeeds(train("locked", 2)); // a dead process locks nothing
  }

  @Test
  void renamedClassesAreRefusedOrAccepted() throws Exception {
    CommandRun.succeeds(train("renamed", 1));
    Path images = fixture.resolve("images");
    Path moved = fixture.resolve("moved-images");
    for (String name : Fixture.CLASSES) {
      Path from = images.resolve(name);
      // Now the last of the three.
      Path to = moved.resolve(name.equals("blue") ? "ultramarine" : name);
      Files.createDirectories(to);
      try (var files = Files.list(from)) {
        for (Path file : files.toList()) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
    isRefused("class 0 was \"blue\" and is now \"green\"", train("renamed", 2, "--data", moved));
    CommandRun accepted =
        CommandRun.succeeds(train("renamed", 2, "--data", moved, "--accept-classes"));
    assertThat(accepted.out()).contains("Note: class 0 was \"blue\" and is now \"green\"");
    assertThat(run("renamed").resolve("history.jsonl")).content().contains("class_changes");
    CommandRun.succeeds(train("renamed", 3, "--data", moved));
    assertThat(
            CommandRun.succeeds(train("tuned-2", 1, "--data", moved, "--init", checkpoint)).out())
        .contains("Note: class 0 was \"blue\"");
  }

  @Test
  void aNumberThatIsNotFiniteIsNamedWithItsTensor() {
    String name = "ema.patch_in.proj.weight";
    Path bad = changed("nan.safetensors", name, Float.NaN, Map.of());
    String sentence = bad + ": 1 of the ";
    isRefused(sentence, "sample", "--checkpoint", bad, "-n", 1, "--out", folder.resolve("out"));
    isRefused("tensor " + name + " are NaN", train("nan-1", 1, "--init", bad));
    isRefused("tensor " + name + " are NaN", train("nan-2", 4, "--resume", bad));
    Path state =
        changed(
            "infinite.safetensors",
            "optimizer.mean.patch_in.proj.weight",
            Float.POSITIVE_INFINITY,
            Map.of());
    isRefused("optimizer.mean.patch_in.proj.weight are NaN", train("nan-3", 4, "--resume", state));
  }

  @Test
  void weightsBeyondFloat16AreNotConvertedToInfinity() {
    Path large = changed("large.safetensors", "ema.patch_in.proj.weight", 70000, Map.of());
    Path out = folder.resolve("half.safetensors");
    isRefused(
        "Tensor patch_in.proj.weight holds numbers as large as 70000, which float16 cannot hold;"
            + " choose bf16 or fp32.",
        "convert",
        large,
        "--out",
        out);
    assertThat(out).doesNotExist();
    CommandRun.succeeds("convert", large, "--out", out, "--dtype", "bf16");
  }

  @Test
  void damagedDescriptionsAreOneSentence() throws Exception {
    for (String names : List.of("{}", "null", "[1]", "[null]", "\"a\"", "[")) {
      Path bad = changed("names.safetensors", "", 0, Map.of("class_names", names));
      isRefused("class_names is not a JSON list", train("names", 4, "--resume", bad));
      isRefused("class_names is not a JSON list", "inspect", bad);
    }
    for (String state : List.of("{}", "null", "[]", "x", "{\"step\":-1}")) {
      Path bad = changed("state.safetensors", "", 0, Map.of("training_state", state));
      isRefused("its training state is damaged (", train("state", 4, "--resume", bad));
    }
    CommandRun.succeeds(train("pointer", 1));
    for (String pointer : List.of("", "{}", "null", "[]", "x")) {
      Files.writeString(run("pointer").resolve("latest.json"), pointer);
      isRefused("latest.json is damaged", train("pointer", 2));
    }
    CommandRun.succeeds(train("config", 1));
    for (String config : List.of("", "{}", "null", "[]", "x")) {
      Files.writeString(run("config").resolve("config.json"), config);
      isRefused("config.json", "train", "--name", "config", "--runs", fixture.runs());
    }
    CommandRun.succeeds(train("config", 2)); // its checkpoint knows the config
  }

  /** The checkpoint with one number of a tensor and some metadata replaced. */
  private static Path changed(
      String fileName, String tensor, float value, Map<String, String> metadata) {
    Path target = folder.resolve(fileName);
    try (SafetensorsFile file = SafetensorsFile.open(checkpoint)) {
      List<TensorData> tensors = new ArrayList<>();
      file.tensors()
          .forEach(
              (name, info) -> {
                byte[] bytes = file.bytes(name).toArray(ValueLayout.JAVA_BYTE);
                MemorySegment content = MemorySegment.ofArray(bytes);
                if (name.equals(tensor)) {
                  content.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4, value);
                }
                tensors.add(TensorData.of(name, DType.F32, info.dimensions(), content));
              });
      Map<String, String> words = new LinkedHashMap<>(file.metadata());
      words.putAll(metadata);
      SafetensorsWriter.write(target, tensors, words);
    }
    return target;
  }
}
