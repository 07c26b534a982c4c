package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Studies that are really killed. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "processes are ended there without a signal")
class StudyResumeTest {

  private static final int STEPS = 60;
  private static final List<String> VARIANTS = List.of("base", "fast");

  @TempDir static Path folder;
  private static StudyFixture fixture;

  @BeforeAll
  static void makeFixture() {
    fixture = StudyFixture.apartIn(folder);
  }

  private static Path study(String name) {
    Path file = fixture.studyWith(name, "\"steps\": 8", "\"steps\": " + STEPS);
    try {
      Files.writeString(file, Files.readString(file).replace("[3, 4]", "[3]"));
      return StudyFixture.leaveOut(file, "wide");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ChildProcess start(String name) throws IOException {
    return ChildProcess.start(folder.resolve(name + ".log"), fixture.run(study(name)));
  }

  private static void awaitSteps(ChildProcess run, String name, String variant, int steps)
      throws IOException, InterruptedException {
    while (run.isAlive()
        && ChildProcess.stepsIn(fixture.metrics(name, variant, 3)) < steps
        && !Files.exists(fixture.cell(name, variant, 3).resolve("result.json"))) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Test
  void aStudyThatWasKilledTwiceEndsAsOneThatWasNot() throws Exception {
    CommandRun.succeeds(fixture.run(study("whole")));

    ChildProcess first = start("killed");
    awaitSteps(first, "killed", "base", 12);
    first.kill();
    assertThat(fixture.cell("killed", "base", 3).resolve("result.json")).doesNotExist();
    ChildProcess second = start("killed");
    awaitSteps(second, "killed", "fast", 12);
    second.kill();
    byte[] base = Files.readAllBytes(fixture.cell("killed", "base", 3).resolve("result.json"));
    assertThat(fixture.cell("killed", "fast", 3).resolve("result.json")).doesNotExist();

    CommandRun rest = CommandRun.succeeds(fixture.run(study("killed")));
    assertThat(rest.out())
        .doesNotContain("base, seed 3: started")
        .contains("fast, seed 3: started", "2 of 2 cells are done.");
    assertThat(Files.readAllBytes(fixture.cell("killed", "base", 3).resolve("result.json")))
        .isEqualTo(base);
    for (String variant : VARIANTS) {
      assertThat(fixture.deterministicColumns("killed", variant, 3))
          .hasSize(STEPS + 1)
          .isEqualTo(fixture.deterministicColumns("whole", variant, 3));
      assertThat(samples("killed", variant)).isEqualTo(samples("whole", variant));
    }
  }

  private static byte[] samples(String study, String variant) throws IOException {
    return Files.readAllBytes(fixture.cell(study, variant, 3).resolve("samples.png"));
  }

  @Test
  void aKilledStudyLeavesNoProcessBehind() throws Exception {
    ChildProcess run = start("orphans");
    awaitSteps(run, "orphans", "base", 5);
    run.kill();
    assertThat(cellProcesses("orphans")).as("cells that still run").isZero();
  }

  private static long cellProcesses(String study) throws InterruptedException {
    String path = fixture.cell(study, "base", 3).getParent().getParent().getParent().toString();
    long alive = 1;
    for (int wait = 0; wait < 50 && alive > 0; wait++) {
      TimeUnit.MILLISECONDS.sleep(100);
      try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
        alive =
            all.filter(p -> p.info().commandLine().orElse("").contains(" study cell " + path))
                .count();
      }
    }
    return alive;
  }

  @Test
  void aSignalSavesTheCellBeforeTheStudyEnds() throws Exception {
    ChildProcess run = start("signal");
    awaitSteps(run, "signal", "base", 5);
    run.terminate();
    assertThat(run.awaitEnd()).as(run.output()).isEqualTo(128 + 15);
    assertThat(run.output())
        .contains("the cells that run are saved first", "0 of 2 cells are done.")
        .doesNotContain("Exception", "ended with code");
    long steps = ChildProcess.stepsIn(fixture.metrics("signal", "base", 3));
    assertThat(steps).isGreaterThanOrEqualTo(5);
    assertThat(fixture.cell("signal", "base", 3))
        .isDirectoryRecursivelyContaining("glob:**/step-%08d.safetensors".formatted(steps));
    assertThat(cellProcesses("signal")).isZero();
  }

  @Test
  void twoProcessesDoNotRunTheSameStudy() throws Exception {
    ChildProcess run = start("twice");
    awaitSteps(run, "twice", "base", 1);
    CommandRun.isRefused("Another process runs the study", fixture.run(study("twice")));
    run.kill();
  }
}
