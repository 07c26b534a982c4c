package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** A command line that was run in this process, and what it said. */
record CommandRun(int exitCode, String out, String err) {

  static CommandRun of(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] args = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
    int exitCode = Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  /** Runs a command that must succeed. */
  static CommandRun succeeds(Object... words) {
    CommandRun run = of(words);
    assertThat(run.err).isEmpty();
    assertThat(run.exitCode).isZero();
    return run;
  }

  /** Runs a command that must be refused in one clear line. */
  static void isRefused(String sentencePart, Object... words) {
    CommandRun run = of(words);
    assertThat(run.err)
        .startsWith("hourglass: ")
        .contains(sentencePart)
        .doesNotContain("Exception");
    assertThat(run.err.strip().lines()).hasSize(1);
    assertThat(run.exitCode).isEqualTo(2);
  }
}
