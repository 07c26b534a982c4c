package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes, really killed. */
class ResumeTest {

  /** Steps of 10 images straddle the epochs of 24. */
  private static final int STEPS = 60;

  private static final int ATTEMPTS = 5;

  @TempDir static Path folder;
  private static Fixture fixture;

  @BeforeAll
  static void makeFixture() {
    fixture = Fixture.in(folder);
  }

  private static Object[] train(String name, int steps, int saveEvery, Object... more) {
    return train(fixture.config(), name, steps, saveEvery, more);
  }

  private static Object[] train(
      Path config, String name, int steps, int saveEvery, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "train",
                "--config",
                config,
                "--name",
                name,
                "--runs",
                fixture.runs(),
                "--steps",
                steps,
                "--batch-size",
                5,
                "--accumulate",
                2,
                "--seed",
                7,
                "--save-every",
                saveEvery,
                "--sample-every",
                0,
                "--threads",
                2));
    words.addAll(Arrays.asList(more));
    return words.toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"adamw", "muon"})
  void aRunThatWasKilledEndsAtTheSameBitsAsOneThatWasNot(String optimizer) throws Exception {
    Path config = fixture.withOptimizer(optimizer);
    String wholeName = "whole-" + optimizer;
    ChildProcess whole =
        ChildProcess.start(folder.resolve("whole.log"), train(config, wholeName, STEPS, 4));
    assertThat(whole.awaitEnd()).as(whole.output()).isZero();

    String killed = killInTheMiddle(config, "killed-" + optimizer);
    ChildProcess rest =
        ChildProcess.start(folder.resolve("rest.log"), train(config, killed, STEPS, 4));
    assertThat(rest.awaitEnd()).as(rest.output()).isZero();

    assertThat(rest.output()).containsPattern("Resuming .* at step [1-9]");
    assertSameCheckpoint(checkpoint(wholeName, STEPS), checkpoint(killed, STEPS));
    assertThat(deterministicColumns(killed))
        .hasSize(STEPS + 1)
        .isEqualTo(deterministicColumns(wholeName));
  }

  /** The reset is in no checkpoint when the process is killed, and must be done once. */
  @Test
  void aRunFromAnotherThatWasKilledBeforeAndAfterItsFirstCheckpointIsResetOnce() throws Exception {
    CommandRun.succeeds(train("origin", 3, 4));
    Object[] more = {"--resume", checkpoint("origin", 3), "--reset-ema"};
    ChildProcess whole =
        ChildProcess.start(folder.resolve("reset.log"), train("reset", STEPS, 4, more));
    assertThat(whole.awaitEnd()).as(whole.output()).isZero();

    ChildProcess early =
        ChildProcess.start(
            folder.resolve("early.log"), train("reset-killed-0", STEPS, 1_000_000, more));
    early.awaitSteps(metrics("reset-killed-0"), 2);
    early.kill();
    assertThat(fixture.runs().resolve("reset-killed-0/latest.json")).doesNotExist();
    Files.delete(metrics("reset-killed-0")); // so that the next process is awaited, not this one
    String killed = killInTheMiddle(fixture.config(), "reset-killed", more);
    ChildProcess rest =
        ChildProcess.start(folder.resolve("reset-rest.log"), train(killed, STEPS, 4, more));
    assertThat(rest.awaitEnd()).as(rest.output()).isZero();

    assertThat(rest.output())
        .containsPattern("Resuming .* at step [1-9]")
        .contains("began anew at step 3 and go on");
    assertSameCheckpoint(checkpoint("reset", STEPS), checkpoint(killed, STEPS));
    assertThat(deterministicColumns(killed)).isEqualTo(deterministicColumns("reset"));
  }

  /** The name of a run that was killed with at least a checkpoint and steps after it. */
  private static String killInTheMiddle(Path config, String prefix, Object... more)
      throws IOException, InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String name = prefix + "-" + attempt;
      ChildProcess first =
          ChildProcess.start(folder.resolve(name + ".log"), train(config, name, STEPS, 4, more));
      first.awaitSteps(metrics(name), 6);
      first.kill();
      if (!Files.exists(checkpoint(name, STEPS))) {
        assertThat(fixture.runs().resolve(name).resolve("latest.json")).exists();
        return name;
      }
    }
    throw new AssertionError("the runs ended before they could be killed");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "processes are ended there without a signal")
  void aSignalSavesTheRunBeforeItEnds() throws Exception {
    ChildProcess run =
        ChildProcess.start(folder.resolve("signal.log"), train("signal", 1_000_000, 1_000_000));
    run.awaitSteps(metrics("signal"), 3);
    run.terminate();
    assertThat(run.awaitEnd()).isEqualTo(128 + 15);

    long step = ChildProcess.stepsIn(metrics("signal"));
    assertThat(run.output())
        .contains("the run is saved first", "Stopped at step %d and saved ".formatted(step))
        .doesNotContain("Exception");
    assertThat(checkpoint("signal", step)).exists();
    CommandRun again = CommandRun.succeeds(train("signal", (int) step + 1, 4));
    assertThat(again.out())
        .contains("Resuming " + fixture.runs().resolve("signal") + " at step " + step);
  }

  /** A limit on file sizes makes the system refuse to write, as a full disk does. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no ulimit")
  void aDiskThatTakesNoMoreIsReportedAndLeavesTheLastCheckpointWhole() throws Exception {
    CommandRun.succeeds(train("disk", 4, 4));
    Path last = checkpoint("disk", 4);
    byte[] before = Files.readAllBytes(last);

    ChildProcess run =
        ChildProcess.startWithFileLimit(200, folder.resolve("disk.log"), train("disk", 8, 4));
    assertThat(run.awaitEnd()).as(run.output()).isEqualTo(2);

    assertThat(run.output())
        .contains("hourglass: Cannot write " + checkpoint("disk", 8), "ulimit -f")
        .doesNotContain("Exception");
    assertThat(last).hasBinaryContent(before);
    assertThat(checkpoint("disk", 8)).doesNotExist();
    assertThat(last.resolveSibling(checkpoint("disk", 8).getFileName() + ".tmp")).doesNotExist();
    assertThat(CommandRun.succeeds(train("disk", 8, 4)).out()).contains("at step 4");
  }

  private static Path metrics(String name) {
    return fixture.runs().resolve(name).resolve("metrics.csv");
  }

  private static Path checkpoint(String name, long step) {
    return fixture
        .runs()
        .resolve(name)
        .resolve(String.format(Locale.ROOT, "checkpoints/step-%08d.safetensors", step));
  }

  private static List<String> deterministicColumns(String name) throws IOException {
    return Files.readAllLines(metrics(name)).stream()
        .map(line -> line.replaceFirst(",[^,]*,[^,]*$", ""))
        .toList();
  }

  private static void assertSameCheckpoint(Path expected, Path actual) {
    try (SafetensorsFile one = SafetensorsFile.open(expected);
        SafetensorsFile other = SafetensorsFile.open(actual)) {
      assertThat(other.metadata()).isEqualTo(one.metadata());
      assertThat(other.tensors()).isEqualTo(one.tensors());
      assertThat(one.tensors().keySet())
          .anyMatch(name -> name.startsWith("model."))
          .anyMatch(name -> name.startsWith("ema."))
          .anyMatch(name -> name.startsWith("optimizer."));
      one.tensors()
          .keySet()
          .forEach(
              name ->
                  assertThat(other.bytes(name).mismatch(one.bytes(name))).as(name).isEqualTo(-1));
    }
  }
}
