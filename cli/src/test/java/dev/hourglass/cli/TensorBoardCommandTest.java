package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the files hold is tested where they are written. */
class TensorBoardCommandTest {

  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void makeFixture() {
    fixture = Fixture.in(folder);
  }

  private Object[] train(int steps, Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("train", "--config", fixture.config(), "--name", "run"));
    words.addAll(List.of("--runs", fixture.runs(), "--steps", steps, "--batch-size", 4));
    words.addAll(List.of("--sample-count", 2));
    words.addAll(Arrays.asList(more));
    return words.toArray();
  }

  private List<Path> eventFiles() throws IOException {
    try (Stream<Path> files = Files.list(fixture.runs().resolve("run"))) {
      return files.filter(file -> file.toString().contains("tfevents")).sorted().toList();
    }
  }

  @Test
  void eachStartThatAsksForItWritesAFileIntoTheRunFolder() throws IOException {
    assertThat(CommandRun.succeeds(train(1, "--validate", "0.25")).out())
        .doesNotContain("tensorboard --logdir");
    assertThat(eventFiles()).isEmpty();
    CommandRun run = CommandRun.succeeds(train(2, "--tensorboard"));
    assertThat(run.out()).contains("tensorboard --logdir " + fixture.runs());
    assertThat(eventFiles()).hasSize(1);
    String text = Files.readString(eventFiles().getFirst(), StandardCharsets.ISO_8859_1);
    assertThat(text)
        .contains("brain.Event:2", "train/loss", "validation/loss", "samples", "\u0089PNG");
    CommandRun.succeeds(train(3));
    assertThat(eventFiles()).hasSize(1);
    CommandRun.succeeds(train(4, "--tensorboard"));
    assertThat(eventFiles()).hasSize(2);
  }

  /** A limit on file sizes makes the system refuse to write, as a full disk does. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no ulimit")
  void aDiskThatTakesNoMoreIsReportedInOneSentence() throws Exception {
    ChildProcess run =
        ChildProcess.startWithFileLimit(
            64, folder.resolve("log"), train(10_000, "--tensorboard", "--sample-every", 0));
    assertThat(run.awaitEnd()).as(run.output()).isEqualTo(2);
    assertThat(run.output())
        .contains("hourglass: Cannot write " + eventFiles().getFirst(), "ulimit -f")
        .doesNotContain("Exception");
  }
}
