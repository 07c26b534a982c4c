package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What leads images, through the real command: scales, intervals, a second model, noise levels. */
class GuidanceCommandTest {

  @TempDir static Path folder;
  private static Path checkpoint;

  @BeforeAll
  static void train() {
    checkpoint = Fixture.in(folder).trained(12);
  }

  private static CommandRun sample(String out, Object... options) {
    List<Object> words =
        new ArrayList<>(List.of("sample", "--checkpoint", checkpoint, "-n", 3, "--out"));
    words.add(folder.resolve(out));
    words.addAll(List.of(options));
    return CommandRun.succeeds(words.toArray());
  }

  private static Png image(String out, int index) {
    return Png.read(folder.resolve(out).resolve("step-00000012-0-%d.png".formatted(index)));
  }

  private static void assertSameImages(String one, String other) {
    for (int i = 0; i < 3; i++) {
      assertThat(image(one, i).difference(image(other, i))).isZero();
    }
  }

  @Test
  void anIntervalOfAllNoiseLevelsDrawsWhatAConstantScaleDraws() {
    CommandRun constant = sample("constant", "--steps", 4, "--guidance", 3);
    CommandRun everywhere =
        sample("everywhere", "--steps", 4, "--guidance", 3, "--guidance-interval", "0,1000");
    assertSameImages("constant", "everywhere");
    String evaluations = "12 evaluations of the model, 12 more for guidance.";
    assertThat(constant.out()).contains(evaluations);
    assertThat(everywhere.out()).contains(evaluations);
  }

  @Test
  void anIntervalSavesEvaluationsAndSaysSo() {
    CommandRun run =
        sample(
            "interval",
            "--sigmas",
            "80,9,4,0.2",
            "--sampler",
            "euler",
            "--guidance",
            3,
            "--guidance-interval",
            "0.3,5");
    assertThat(run.out())
        .contains(
            "4 evaluations of the model, 1 more for guidance (its interval saves 3) for each"
                + " image.")
        .contains("12 evaluations of the model, 3 more for guidance (its interval saves 9).");
    JsonNode json = new JsonMapper().readTree(image("interval", 0).texts().get("hourglass"));
    assertThat(json.get("guidance_interval").toString()).isEqualTo("[0.3,5.0]");
    assertThat(json.get("sigmas").toString()).isEqualTo("[80.0,9.0,4.0,0.2]");
    assertThat(json.get("steps").intValue()).isEqualTo(4);
    assertThat(json.has("schedule")).isFalse();
  }

  @Test
  void aGuideEqualToTheModelChangesNothing() {
    sample("alone", "--steps", 4);
    sample("guided", "--steps", 4, "--guide", checkpoint, "--guidance", 2);
    assertSameImages("alone", "guided");
    JsonNode json = new JsonMapper().readTree(image("guided", 0).texts().get("hourglass"));
    assertThat(json.get("guide")).isEqualTo(json.get("model"));
  }

  @Test
  void theScheduleOfFlowMatchingDraws() {
    sample("flow", "--steps", 4, "--schedule", "flow:3", "--sampler", "euler");
    assertThat(image("flow", 0).difference(image("flow", 1))).isPositive();
  }

  @Test
  void aGuideOfOtherImagesIsRefused() {
    Fixture fixture = Fixture.in(folder.resolve("other"));
    CommandRun.succeeds(
        "train",
        "--config",
        fixture.configWith("\"input_size\": [16, 16]", "\"input_size\": [32, 32]"),
        "--name",
        "larger",
        "--runs",
        fixture.runs(),
        "--steps",
        1,
        "--batch-size",
        2,
        "--sample-every",
        0);
    CommandRun.isRefused(
        "is for images of 32x32 with 3 channels, 3 classes",
        "sample",
        "--checkpoint",
        checkpoint,
        "--guide",
        fixture.runs().resolve("larger/checkpoints/step-00000001.safetensors"),
        "--guidance",
        2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --guidance 2 --guidance-interval 5,0.3 | from a noise level to a higher one
          --guidance 2 --guidance-interval 5     | --guidance-interval is two noise levels, not 1
          --guidance 2 --guidance-interval 1,x   | 'x' is not a double
          --sigmas 1,2                           | Noise levels must fall
          --sigmas 2,1,0                         | Noise levels must fall
          --sigmas 2,1 --steps 2                 | leave out --steps
          --sigmas 2,1 --schedule flow           | leave out --schedule
          --schedule flow:0                      | shift of a sigma schedule must be a positive number
          --guide none.safetensors --guidance 2  | none.safetensors
          """)
  void wrongOptionsAreRefused(String options, String sentencePart) {
    List<Object> words = new ArrayList<>(List.of("sample", "--checkpoint", checkpoint));
    words.addAll(List.of((Object[]) options.split(" ")));
    CommandRun.isRefused(sentencePart, words.toArray());
  }

  @Test
  void aGuideWithoutAScaleIsRefused() {
    CommandRun.isRefused(
        "--guide has no effect at a --guidance of 1",
        "sample",
        "--checkpoint",
        checkpoint,
        "--guide",
        checkpoint);
  }
}
