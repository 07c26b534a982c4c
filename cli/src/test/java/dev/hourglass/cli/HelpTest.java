package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart",
        "data",
        "train",
        "sample",
        "evaluate",
        "likelihood",
        "study",
        "study run",
        "study report",
        "study list",
        "bench",
        "inspect",
        "convert",
        "ema",
        "completion"
      })
  void everyCommandExplainsItselfWithExamples(String command) {
    Object[] words = (command + " --help").split(" ");
    assertThat(CommandRun.succeeds(words).out())
        .startsWith("Usage: hourglass " + command)
        .contains("Examples:", "  hourglass " + command)
        .satisfies(help -> assertThat(help.lines()).allMatch(line -> line.length() <= 110));
  }

  @Test
  void withoutACommandTheHelpIsShown() {
    assertThat(CommandRun.succeeds().out())
        .startsWith("Usage: hourglass")
        .contains("quickstart", "convert");
  }

  @Test
  void versionsOfAllThatMattersAreShown() {
    assertThat(CommandRun.succeeds("--version").out())
        .containsPattern("hourglass \\S+")
        .containsPattern("Java 2\\d")
        .containsPattern("libtorch \\d+\\.\\d+\\.\\d+\\R")
        .containsPattern("platform \\w+-\\w+");
  }

  @Test
  void theCompletionScriptKnowsCommandsOptionsAndValues() {
    assertThat(CommandRun.succeeds("completion").out())
        .startsWith("#!")
        .contains("complete -F _complete_hourglass", "--accumulate", "dpmpp-2m-sde-heun");
  }
}
