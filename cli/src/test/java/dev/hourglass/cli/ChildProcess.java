package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command line in a process of its own, which can be killed. */
final class ChildProcess {

  private static final int MINUTES = 3;

  private final Process process;
  private final Path log;

  private ChildProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * @param log gets both output streams
   */
  static ChildProcess start(Path log, Object... words) throws IOException {
    return new ChildProcess(builder(log, command(words)).start(), log);
  }

  /** As {@link #start}, with variables of the environment, or without those that are empty. */
  static ChildProcess startWith(Map<String, String> environment, Path log, Object... words)
      throws IOException {
    ProcessBuilder builder = builder(log, command(words));
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    return new ChildProcess(builder.start(), log);
  }

  /** As {@link #start}, with a limit on the size of files, beyond which writing fails. */
  static ChildProcess startWithFileLimit(int blocks, Path log, Object... words) throws IOException {
    List<String> shell =
        new ArrayList<>(List.of("sh", "-c", "ulimit -f " + blocks + "; exec \"$@\"", "sh"));
    shell.addAll(command(words));
    return new ChildProcess(builder(log, shell).start(), log);
  }

  private static ProcessBuilder builder(Path log, List<String> command) {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  private static List<String> command(Object... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseParallelGC",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules",
                "jdk.incubator.vector",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    Arrays.stream(words).map(Object::toString).forEach(command::add);
    return command;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitEnd();
  }

  /** kill -15, as Ctrl-C in effect. */
  void terminate() {
    process.destroy();
  }

  int awaitEnd() throws InterruptedException {
    assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  String output() throws IOException {
    return Files.readString(log);
  }

  /** Waits until a metrics file has so many steps, or the process ends. */
  void awaitSteps(Path metrics, int steps) throws IOException, InterruptedException {
    while (isAlive() && stepsIn(metrics) < steps) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  /** Whole lines after the header. */
  static long stepsIn(Path metrics) throws IOException {
    return Files.exists(metrics)
        ? Math.max(0, Files.readString(metrics).chars().filter(c -> c == '\n').count() - 1)
        : 0;
  }
}
