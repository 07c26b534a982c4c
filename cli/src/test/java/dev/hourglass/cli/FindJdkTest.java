package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The shell function by which the launcher and the Maven wrapper find a JDK. */
@DisabledOnOs(OS.WINDOWS)
class FindJdkTest {

  private record Result(int code, String out, String err) {}

  private static Result run(String script, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", ". ../.mvn/jdk.sh; " + script)
            .directory(Path.of("").toFile().getAbsoluteFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), out, err);
  }

  @Test
  void aJavaHomeThatIsNewEnoughIsTaken() throws Exception {
    String home = System.getProperty("java.home");
    Result result = run("find_jdk 25; echo $JAVA_HOME", Map.of("JAVA_HOME", home));
    assertThat(result.out()).isEqualTo(home + "\n");
  }

  @Test
  void aJavaHomeThatIsWrongIsPassedOver() throws Exception {
    String home = System.getProperty("java.home");
    Result result =
        run(
            "find_jdk 25; echo $JAVA_HOME",
            Map.of("JAVA_HOME", "/nowhere", "PATH", home + "/bin:/usr/bin:/bin"));
    assertThat(result.code()).isZero();
    assertThat(result.out()).doesNotContain("/nowhere");
  }

  @Test
  void withoutAnySuchJdkOneSentenceSaysWhatToDo() throws Exception {
    Result result = run("find_jdk 999", Map.of());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("Hourglass needs a JDK 999 or newer").hasLineCount(1);
  }
}
