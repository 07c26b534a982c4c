package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InspectCommandTest {

  private static final Path CONFIGS = Path.of("..", "configs");

  @TempDir Path folder;

  /** Crowson et al. 2024: tables 1, 4 and 6. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "imagenet-128       | 128  | 117,003,805 | 31.369",
        "imagenet-256       | 256  | 557,416,522 | 197.587",
        "ffhq-1024          | 1024 | 85,079,300  | 206.076",
        "oxford-flowers-256 | 256  | 22,361,274  | 11.636"
      })
  void thePresetsHaveTheNumbersOfThePaper(
      String preset, String size, String parameters, String gmacs) {
    CommandRun run =
        CommandRun.succeeds("inspect", CONFIGS.resolve(preset + ".json"), "--size", size);
    assertThat(run.out().strip().lines().toList().getLast())
        .startsWith("total")
        .containsPattern("\\s" + parameters + "\\s")
        .containsPattern("\\s" + gmacs + "\\s");
  }

  @Test
  void levelsAreDescribed() {
    assertThat(CommandRun.succeeds("inspect", CONFIGS.resolve("ffhq-1024.json")).out())
        .containsPattern("level 0 +256x256 +65,536 +128 +2 +neighborhood 7x7 +4 ")
        .containsPattern("level 4 +16x16 +256 +1024 +16 +global +2 ");
  }

  @Test
  void jsonHasTheNumbersInFull() {
    CommandRun run =
        CommandRun.succeeds(
            "inspect",
            CONFIGS.resolve("imagenet-128.json"),
            "--size",
            "256x128",
            "--batch-size",
            2,
            "--json");
    JsonNode json = new JsonMapper().readTree(run.out());
    assertThat(json.get("parameters").longValue()).isEqualTo(117003805);
    assertThat(json.get("size").stringValue()).isEqualTo("256x128");
    assertThat(json.get("levels").get(0).get("grid").stringValue()).isEqualTo("64x32");
    long macs = 0;
    for (String rows : new String[] {"levels", "parts"}) {
      for (JsonNode row : json.get(rows)) {
        macs += row.get("macs").longValue();
      }
    }
    assertThat(json.get("macs").longValue()).isEqualTo(macs);
  }

  @Test
  void checkpointsTellTheirStepAndClasses() {
    Path checkpoint = Fixture.in(folder).trained(2);
    assertThat(CommandRun.succeeds("inspect", checkpoint).out())
        .containsPattern("training checkpoint of step 2, digest [0-9a-f]{16}\\R")
        .contains("classes: blue, green, red");
    JsonNode json =
        new JsonMapper().readTree(CommandRun.succeeds("inspect", checkpoint, "--json").out());
    assertThat(json.get("checkpoint").get("step").longValue()).isEqualTo(2);
    assertThat(json.get("checkpoint").get("classNames").size()).isEqualTo(3);
  }
}
