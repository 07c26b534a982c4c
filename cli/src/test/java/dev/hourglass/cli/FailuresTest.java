package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.hourglass.InputException;
import dev.hourglass.tensor.Tensors;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class FailuresTest {

  private final StringWriter err = new StringWriter();

  private int report(Throwable failure, boolean debug) {
    return new Failures(new PrintWriter(err), debug).report(failure);
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
    assertThat(err.toString()).contains("not enough memory");
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
