package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.training.RunStart.AverageReset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a run starts: from what is asked and what is there. */
class RunStartTest {

  private static final List<String> CLASSES = List.of("dark", "bright");

  @TempDir static Path path;
  private static Runs runs;
  private static Path base;

  @BeforeAll
  static void train() {
    runs = new Runs(path);
    runs.train("base", Runs.SETTINGS.withSteps(2), new Origin.Run());
    base = runs.folder("base").checkpoint(2);
    runs.train(
        "reset",
        Runs.SETTINGS.withSteps(2).withRestart(new Restart(true, false)),
        new Origin.Run());
  }

  private static RunStart decide(
      String name, TrainSettings settings, Origin origin, List<String> classes) {
    return new StartDecision(TinyModel.CONFIG, classes, runs.folder(name), settings).decide(origin);
  }

  @ParameterizedTest
  @CsvSource({
    // run, asked, reset asked: start, step, reset, at
    "new,   run,        false, Fresh,          0, NOT_ASKED,   -1",
    "new,   run,        true,  Fresh,          0, NOW,          0",
    "new,   weights,    false, FromWeights,    0, NOT_ASKED,   -1",
    "new,   weights,    true,  FromWeights,    0, NOW,          0",
    "new,   checkpoint, false, FromCheckpoint, 2, NOT_ASKED,   -1",
    "new,   checkpoint, true,  FromCheckpoint, 2, NOW,          2",
    "base,  run,        false, Continued,      2, NOT_ASKED,   -1",
    "base,  run,        true,  Continued,      2, NOW,          2",
    "base,  weights,    false, Continued,      2, NOT_ASKED,   -1",
    "reset, run,        false, Continued,      2, NOT_ASKED,    0",
    "reset, run,        true,  Continued,      2, DONE_BEFORE,  0",
    "reset, checkpoint, true,  Continued,      2, DONE_BEFORE,  0",
  })
  void theCases(
      String run,
      String asked,
      boolean resets,
      String kind,
      long step,
      AverageReset reset,
      long at) {
    Origin origin =
        switch (asked) {
          case "weights" -> new Origin.Weights(base);
          case "checkpoint" -> new Origin.Checkpoint(base);
          default -> new Origin.Run();
        };
    RunStart start =
        decide(run, Runs.SETTINGS.withRestart(new Restart(resets, false)), origin, CLASSES);
    assertThat(start.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(start.state().step()).isEqualTo(step);
    assertThat(start.averageReset()).isEqualTo(reset);
    assertThat(start.state().averageReset())
        .isEqualTo(at < 0 ? OptionalLong.empty() : OptionalLong.of(at));
    if (start instanceof RunStart.Continued continued && run.equals("reset")) {
      assertThat(continued.notUsed()).isEqualTo(origin.named());
    }
  }

  @ParameterizedTest
  @CsvSource({"muon, adamw", "adamw, muon", "muon, sgd"})
  void theStateOfAnotherOptimizerIsRefused(String first, String then) {
    optimizing(first).train(first, Runs.SETTINGS.withSteps(2), new Origin.Run());
    Path checkpoint = runs.folder(first).checkpoint(2);
    assertThatThrownBy(
            () ->
                optimizing(then)
                    .train(
                        first + "-" + then,
                        Runs.SETTINGS.withSteps(3),
                        new Origin.Checkpoint(checkpoint)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("The checkpoint " + checkpoint + " belongs to another config")
        .hasMessageContaining("optimizer.type: \"%s\" here, \"%s\" there".formatted(then, first));
  }

  private static Runs optimizing(String type) {
    String momentum = type.equals("sgd") ? ", \"momentum\": 0.9" : "";
    return new Runs(
        path, TinyModel.withOptimizer("{\"type\": \"%s\"%s}".formatted(type, momentum)));
  }

  @Test
  void aFileOfTheRunItselfIsNotAnotherRun() {
    RunStart start = decide("base", Runs.SETTINGS, new Origin.Checkpoint(base), CLASSES);
    assertThat(start)
        .isInstanceOfSatisfying(
            RunStart.Continued.class, run -> assertThat(run.notUsed()).isEmpty());
  }

  @Test
  void classesThatWereRenamedAreRefusedUnlessTheyAreAccepted() {
    List<String> swapped = List.of("bright", "dark");
    for (Origin origin : List.of(new Origin.Run(), new Origin.Checkpoint(base))) {
      String run = origin.named().isPresent() ? "another" : "base";
      assertThatThrownBy(() -> decide(run, Runs.SETTINGS, origin, swapped))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(
              "(class 0 was \"dark\" and is now \"bright\"; class 1 was \"bright\" and is now"
                  + " \"dark\")")
          .hasMessageContaining("--accept-classes");
      assertThat(
              decide(run, Runs.SETTINGS.withRestart(new Restart(false, true)), origin, swapped)
                  .classChanges())
          .hasSize(2);
      assertThat(decide(run, Runs.SETTINGS, origin, List.of()).classChanges()).isEmpty();
    }
    assertThatThrownBy(() -> decide("base", Runs.SETTINGS, new Origin.Run(), List.of("dark")))
        .hasMessageContaining("class 1 was \"bright\" and is now without a name");
    assertThat(decide("tuned", Runs.SETTINGS, new Origin.Weights(base), swapped).classChanges())
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``        | it must hold a checkpoint's name
          {}        | it must hold a checkpoint's name
          null      | it must hold a checkpoint's name
          []        | it must hold a checkpoint's name
          7         | it must hold a checkpoint's name
          no json   | it is no JSON
          {"checkpoint":  | it is no JSON
          {"checkpoint": null, "step": 2} | it must hold
          {"checkpoint": 2, "step": 2} | it must hold
          {"checkpoint": "checkpoints/step-00000002.safetensors"} | it must hold
          {"checkpoint": "checkpoints/step-00000002.safetensors", "step": "2"} | it must hold
          {"checkpoint": "checkpoints/step-00000002.safetensors", "step": 1e30} | it must hold
          {"checkpoint": "checkpoints/step-00000002.safetensors", "step": 3} | names a checkpoint of step 3, but
          {"checkpoint": "checkpoints/step-00000001.safetensors", "step": 1} | which is gone
          {"checkpoint": "", "step": 2} | no checkpoint of this run
          {"checkpoint": "a\\u0000b", "step": 2} | no checkpoint of this run
          {"checkpoint": "../base/checkpoints/step-00000002.safetensors", "step": 2} | no checkpoint of this run
          {"checkpoint": "checkpoints/../../x.safetensors", "step": 2} | no checkpoint of this run
          """)
  void aDamagedPointerIsRefusedWithAWayOn(String text, String sentencePart) throws IOException {
    runs.train("pointer", Runs.SETTINGS.withSteps(2), new Origin.Run());
    Path pointer = runs.folder("pointer").pointer();
    String good = Files.readString(pointer);
    try {
      Files.writeString(pointer, text == null ? "" : text);
      assertThatThrownBy(() -> decide("pointer", Runs.SETTINGS, new Origin.Run(), CLASSES))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(sentencePart)
          .hasMessageEndingWith("--resume " + runs.folder("pointer").checkpoint(2) + ".");
      Files.delete(pointer);
      Origin advised = new Origin.Checkpoint(runs.folder("pointer").checkpoint(2));
      assertThat(decide("pointer", Runs.SETTINGS, advised, CLASSES))
          .isInstanceOf(RunStart.Continued.class);
    } finally {
      Files.writeString(pointer, good);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          no json | it is no JSON
          {}      | step is missing
          null    | it is no JSON object
          []      | it is no JSON object
          {"step":-1,"images":1,"averageSteps":1,"lossAverage":1.0,"seed":0} | step is -1
          {"step":1.5,"images":1,"averageSteps":1,"lossAverage":1.0,"seed":0} | step is 1.5
          {"step":1,"images":1,"averageSteps":1,"lossAverage":1.0} | seed is missing
          {"step":1,"images":null,"averageSteps":1,"lossAverage":1.0,"seed":0} | images is null
          {"step":1,"images":1,"averageSteps":1,"lossAverage":"x","seed":0} | lossAverage is
          {"step":1,"images":1,"averageSteps":1,"lossAverage":1.0,"seed":0,"averageReset":2} | beyond the step
          """)
  void aDamagedStateIsRefused(String text, String sentencePart) {
    assertThatThrownBy(() -> TrainingState.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentencePart);
  }

  @Test
  void aStateThatWasNeverResetReadsAsItAlwaysDid() {
    String before = "{\"step\":3,\"images\":30,\"averageSteps\":3,\"lossAverage\":0.5,\"seed\":7}";
    assertThat(TrainingState.parse(before).toJson()).isEqualTo(before);
    String start =
        "{\"step\":0,\"images\":0,\"averageSteps\":0,\"lossAverage\":\"NaN\",\"seed\":0}";
    assertThat(TrainingState.start(0).toJson()).isEqualTo(start);
    assertThat(TrainingState.parse(start)).isEqualTo(TrainingState.start(0));
  }

  @Test
  void theHistoryHasALineForEachStart() throws IOException {
    runs.train("told", Runs.SETTINGS.withSteps(3), new Origin.Checkpoint(base));
    runs.train(
        "told", Runs.SETTINGS.withSteps(4).withRestart(new Restart(true, false)), new Origin.Run());
    runs.train(
        "told", Runs.SETTINGS.withSteps(4).withRestart(new Restart(true, false)), new Origin.Run());
    List<String> lines = Files.readAllLines(runs.folder("told").history());
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains("\"step\":2,\"start\":\"checkpoint\"", base.toString());
    assertThat(lines.get(1)).contains("\"step\":3,\"start\":\"resumed\"", "\"average_reset\":true");
  }

  @Test
  void metricsThatAreDamagedAreNotThrownAway() throws IOException {
    runs.train("metrics", Runs.SETTINGS.withSteps(3), new Origin.Run());
    Path file = runs.folder("metrics").metrics();
    List<String> good = Files.readAllLines(file);
    for (String bad :
        List.of(
            good.get(0) + "\n" + good.get(1) + "\n2,20,x,1,1,1,1,1\n" + good.get(3) + "\n",
            "step,loss\n1,0.5\n",
            "{}")) {
      Files.writeString(file, bad);
      assertThatThrownBy(() -> runs.train("metrics", Runs.SETTINGS.withSteps(4), new Origin.Run()))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("move");
      assertThat(file).hasContent(bad);
    }
    Files.delete(file);
    runs.train("metrics", Runs.SETTINGS.withSteps(4), new Origin.Run());
    assertThat(Optional.of(runs.metrics("metrics").size())).contains(2);
  }
}
