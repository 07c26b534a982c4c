package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.hourglass.cli.failure.Failures;
import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Tensors;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.InvalidPathException;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {

  private final StringWriter err = new StringWriter();

  private int report(Throwable failure, boolean debug) {
    return report(failure, debug, "train");
  }

  private int report(Throwable failure, boolean debug, String command) {
    return new Failures(new PrintWriter(err), debug).report(failure, command);
  }

  @Test
  void wrongInputIsOneLine() {
    assertThat(report(new InputException("There is no file x;\n check the path."), false))
        .isEqualTo(2);
    assertThat(err.toString().strip()).isEqualTo("hourglass: There is no file x; check the path.");
  }

  @Test
  void debuggingShowsTheStackTrace() {
    assertThat(report(new InputException("No."), true)).isEqualTo(2);
    assertThat(err.toString()).contains("hourglass: No.", "at dev.hourglass.cli.FailuresTest");
  }

  @Test
  void memoryThatLibtorchDoesNotGetIsAnsweredWithAdvice() {
    Throwable failure = catchThrowable(() -> Tensors.zeros(ScalarType.Float, 1L << 50));
    assertThat(report(failure, false)).isEqualTo(2);
    assertThat(err.toString().strip())
        .contains("not enough memory", "--batch-size")
        .hasLineCount(1);
  }

  @Test
  void memoryThatJavaDoesNotHaveIsAnsweredWithAdvice() {
    assertThat(report(new IllegalStateException(new OutOfMemoryError("Java heap space")), false))
        .isEqualTo(2);
    assertThat(err.toString()).contains("not enough memory", "HOURGLASS_JAVA_OPTS=-Xmx");
  }

  @ParameterizedTest
  @CsvSource({"train, --accumulate", "sample, --size", "bench, --cases"})
  void theAdviceIsAnOptionOfTheCommand(String command, String option) {
    assertThat(report(new OutOfMemoryError("Direct buffer memory"), false, command)).isEqualTo(2);
    assertThat(err.toString()).contains(option);
    assertThat(CommandRun.succeeds(command, "--help").out()).contains(option);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inspect", "convert", "quickstart", "hourglass"})
  void commandsWithoutABatchAreNotToldToMakeItSmaller(String command) {
    assertThat(report(new OutOfMemoryError("Java heap space"), false, command)).isEqualTo(2);
    assertThat(err.toString()).contains("-Xmx").doesNotContain("--batch");
  }

  @Test
  void aLimitOnThreadsIsNoLackOfMemory() {
    assertThat(report(new OutOfMemoryError("unable to create native thread: out of memory"), false))
        .isEqualTo(2);
    assertThat(err.toString()).contains("fewer --threads").doesNotContain("memory");
  }

  @Test
  void wrongInputIsFoundInWhatAClassInitialiserThrew() {
    assertThat(report(new ExceptionInInitializerError(new InputException("No such width.")), false))
        .isEqualTo(2);
    assertThat(err.toString().strip()).isEqualTo("hourglass: No such width.");
  }

  @Test
  void namesThatTheLocaleCannotEncodeAreExplained() {
    String jdk = "Malformed input or input contains unmappable characters";
    assertThat(report(new InvalidPathException("x", jdk), false)).isEqualTo(2);
    assertThat(err.toString()).contains("LC_ALL=C.UTF-8").hasLineCount(1);
  }

  @Test
  void namesThatNoFileCanHaveAreRefused() {
    assertThat(report(new InvalidPathException("a\0b", "Nul character not allowed"), false))
        .isEqualTo(2);
    assertThat(err.toString()).contains("\"a?b\" is no file name: Nul character not allowed");
  }

  @Test
  void errorsOfTheProgramAskToBeReported() {
    assertThat(report(new IllegalStateException("index 3"), false)).isEqualTo(70);
    assertThat(err.toString())
        .startsWith(
            "hourglass: internal error: java.lang.IllegalStateException: index 3; please report")
        .contains("at dev.hourglass.cli.FailuresTest");
  }
}
