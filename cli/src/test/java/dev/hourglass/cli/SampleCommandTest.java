package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.diffusion.samplers.Samplers;
import dev.hourglass.sampling.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SampleCommandTest {

  @TempDir static Path folder;
  private static Path checkpoint;

  @BeforeAll
  static void train() {
    checkpoint = Fixture.in(folder).trained(12);
  }

  private static Path image(String out, long seed, long index) {
    return folder.resolve(out).resolve("step-00000012-%d-%d.png".formatted(seed, index));
  }

  @Test
  void imagesDoNotDependOnTheBatchTheyAreDrawnIn() {
    Path one = folder.resolve("one");
    Path three = folder.resolve("three");
    CommandRun.succeeds(
        "sample",
        "--checkpoint",
        checkpoint,
        "-n",
        5,
        "--steps",
        6,
        "--batch-size",
        1,
        "--out",
        one);
    CommandRun.succeeds(
        "sample",
        "--checkpoint",
        checkpoint,
        "-n",
        4,
        "--first-index",
        1,
        "--steps",
        6,
        "--batch-size",
        3,
        "--out",
        three);
    for (int index = 1; index < 5; index++) {
      assertThat(Png.read(image("three", 0, index)).difference(Png.read(image("one", 0, index))))
          .isLessThanOrEqualTo(1);
    }
    assertThat(Png.read(image("one", 0, 0)).difference(Png.read(image("one", 0, 3))))
        .isGreaterThan(8);
  }

  static List<String> samplers() {
    return Samplers.names();
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void everySamplerDraws(String sampler) {
    Path out = folder.resolve(sampler);
    CommandRun run =
        CommandRun.succeeds(
            "sample",
            "--checkpoint",
            checkpoint,
            "-n",
            2,
            "--steps",
            3,
            "--sampler",
            sampler,
            "--out",
            out);
    assertThat(run.out())
        .contains(image(sampler, 0, 0).toString(), image(sampler, 0, 1).toString(), "s each");
    assertThat(Png.read(image(sampler, 0, 0)).difference(Png.read(image(sampler, 0, 1))))
        .isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sigmas=3e38,1                                         | no numbers; choose less extreme",
        "--sampler=euler-ancestral --sampler-options=s_noise=1e38 | too large for float32",
      })
  void settingsThatLeadToNoImageAreRefused(String options, String sentence) {
    Path out = folder.resolve("none");
    List<Object> words = new ArrayList<>(List.of("sample", "--checkpoint", checkpoint, "-n", 1));
    words.addAll(List.of(options.split(" ")));
    words.addAll(List.of("--out", out));

    CommandRun.isRefused(sentence, words.toArray());

    assertThat(image("none", 0, 0)).doesNotExist();
  }

  @Test
  void anImageSaysHowItWasMade() {
    CommandRun.succeeds(
        "sample",
        "--checkpoint",
        checkpoint,
        "-n",
        1,
        "--steps",
        3,
        "--sampler",
        "dpmpp-2m-sde-midpoint",
        "--eta",
        "0.5",
        "--sampler-options",
        "s_noise=1.003",
        "--schedule",
        "polyexponential:1.5",
        "--seed",
        9,
        "--first-index",
        4,
        "--class",
        "red",
        "--guidance",
        2,
        "--size",
        "16x24",
        "--precision",
        "fp32",
        "--out",
        folder.resolve("described"));

    Png png = Png.read(image("described", 9, 4));
    assertThat(png.image().getWidth()).isEqualTo(24);
    assertThat(png.texts().get("Software")).startsWith("Hourglass ");
    JsonNode json = new JsonMapper().readTree(png.texts().get("hourglass"));
    assertThat(json.get("model").stringValue()).isEqualTo(ModelFile.open(checkpoint).digest());
    assertThat(json.get("sampler").stringValue()).isEqualTo("dpmpp-2m-sde-midpoint");
    assertThat(json.get("sampler_options").stringValue()).isEqualTo("s_noise=1.003,eta=0.5");
    assertThat(json.get("schedule").stringValue()).isEqualTo("polyexponential:1.5");
    assertThat(json.get("steps").intValue()).isEqualTo(3);
    assertThat(json.get("guidance").doubleValue()).isEqualTo(2);
    assertThat(json.get("size").stringValue()).isEqualTo("16x24");
    assertThat(json.get("seed").longValue()).isEqualTo(9);
    assertThat(json.get("index").longValue()).isEqualTo(4);
    assertThat(json.get("class").intValue()).isEqualTo(2);
    assertThat(json.get("class_name").stringValue()).isEqualTo("red");
    assertThat(json.get("precision").stringValue()).isEqualTo("fp32");
  }

  @Test
  void aGridAloneCanBeDrawn() {
    Path grid = folder.resolve("grids/grid.png");
    Path out = folder.resolve("nothing");
    CommandRun run =
        CommandRun.succeeds(
            "sample",
            "--checkpoint",
            checkpoint,
            "-n",
            6,
            "--steps",
            2,
            "--class",
            "0,red",
            "--precision",
            "bf16",
            "--churn",
            1,
            "--sampler",
            "heun",
            "--grid",
            grid,
            "--no-images",
            "--out",
            out);
    assertThat(run.out()).contains(grid.toString(), "6 images, ");
    assertThat(out).doesNotExist();
    assertThat(Png.read(grid).texts()).containsKey("hourglass");
    assertThat(Png.read(grid).image().getWidth()).isGreaterThan(3 * 64);
  }
}
