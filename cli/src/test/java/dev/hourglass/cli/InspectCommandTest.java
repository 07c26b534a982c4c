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

  private static Path config(String name) {
    return CONFIGS.resolve(name);
  }

  @Test
  void modelsAreComparedSideBySide() {
    String table =
        CommandRun.succeeds(
                "inspect",
                "--compare",
                config("ffhq/0-global.jsonc"),
                config("ffhq/2-global.jsonc"),
                "--sizes",
                "128,1024")
            .out();
    assertThat(table)
        .containsPattern(" +0-global +2-global\\R")
        .containsPattern("parameters +85,079,300 +85,079,300\\R")
        .containsPattern("GMACs at 128x128 +does not fit +3\\.122\\R")
        .containsPattern("GMACs at 1024x1024 +199\\.725 +206\\.076\\R")
        .containsPattern("attention at 1024x1024 +3\\.0% +5\\.9%\\R")
        .containsPattern("activations at 1024x1024 +5\\.2 GiB +5\\.2 GiB\\R");
  }

  /** Table 1 of the paper: 31, 65 and 198 GFLOP. */
  @Test
  void modelsThatGrowWithTheSizeCostWhatThePaperPrints() {
    JsonNode json =
        new JsonMapper()
            .readTree(
                CommandRun.succeeds(
                        "inspect",
                        config("imagenet-128.json"),
                        "--grow",
                        "--names",
                        "HDiT-B/4",
                        "--sizes",
                        "128,256,512,100",
                        "--json")
                    .out());
    JsonNode model = json.get("models").get(0);
    assertThat(model.get("name").stringValue()).isEqualTo("HDiT-B/4");
    JsonNode costs = model.get("costs");
    assertThat(costs.get(0).get("macs").longValue() / 100_000_000).isEqualTo(313);
    assertThat(costs.get(1).get("macs").longValue() / 100_000_000).isEqualTo(647);
    assertThat(costs.get(2).get("macs").longValue() / 100_000_000).isEqualTo(1980);
    assertThat(costs.get(3).get("does_not_fit").stringValue())
        .startsWith("The image size is 100x100, but its sides must be multiples");
  }

  @Test
  void costIsDrawnBesideThatOfAFlatTransformer() {
    System.setProperty("hourglass.home", CONFIGS.resolve("..").toString());
    try {
      Path picture = folder.resolve("cost.png");
      CommandRun.succeeds("inspect", config("imagenet-128.json"), "--plot", picture);
      assertThat(Png.read(picture).image().getWidth()).isEqualTo(900);
      CommandRun.isRefused(
          "no model works at any size of --sizes",
          "inspect",
          config("mnist.json"),
          "--sizes",
          30,
          "--plot",
          picture);
    } finally {
      System.clearProperty("hourglass.home");
    }
  }

  @Test
  void wrongComparisonsAreRefused() {
    CommandRun.isRefused(
        "--names has 1 names for 2 files; give one for each.",
        "inspect",
        config("mnist.json"),
        config("cifar10.json"),
        "--names",
        "one");
    CommandRun.isRefused(
        "The cost of this model at 1048576x1048576 is above 2^63",
        "inspect",
        config("imagenet-128.json"),
        config("cifar10.json"),
        "--sizes",
        1 << 20);
    CommandRun.isRefused(
        "The cost of a batch of 2000000000 is above 2^63",
        "inspect",
        config("imagenet-128.json"),
        "--batch-size",
        2_000_000_000);
  }
}
