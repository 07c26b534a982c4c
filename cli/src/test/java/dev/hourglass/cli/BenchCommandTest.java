package dev.hourglass.cli;

import static dev.hourglass.cli.CommandRun.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {

  @TempDir Path folder;

  @Test
  void aConfigOfOnesOwnIsMeasuredInBothPasses() throws IOException {
    Path file = folder.resolve("bench.json");
    CommandRun run =
        CommandRun.succeeds(
            "bench",
            "--cases",
            Fixture.in(folder).config(),
            "--batch",
            2,
            "--precision",
            "fp32",
            "--threads",
            2,
            "--seconds",
            0.05,
            "--out",
            file);
    assertThat(run.out())
        .contains("GEMM peak, fp32, 2 threads", file.toString())
        .containsPattern("config +forward +auto +fp32 +16x16 +2 ")
        .containsPattern("config +train +auto +fp32 +16x16 +2 ");
    JsonNode results = new JsonMapper().readTree(Files.readString(file)).get("results");
    assertThat(results.size()).isEqualTo(2);
    for (JsonNode result : results) {
      assertThat(result.get("ms_per_image").doubleValue()).isPositive();
      assertThat(result.get("of_peak").doubleValue()).isPositive();
    }
  }

  @Test
  void providersAreComparedSideBySide() {
    CommandRun run =
        CommandRun.succeeds(
            "bench",
            "--cases",
            Fixture.in(folder).config(),
            "--passes",
            "forward",
            "--compare",
            "--seconds",
            0.05,
            "--out",
            folder.resolve("bench.json"));
    assertThat(run.out())
        .containsPattern("config +forward +vector ")
        .containsPattern("config +forward +reference ");
  }

  @Test
  void listsOfPrecisionsKernelsAndBatchesAreAllMeasured() throws IOException {
    Path file = folder.resolve("bench.json");
    CommandRun run =
        CommandRun.succeeds(
            "bench",
            "--cases",
            Fixture.in(folder).config(),
            "--passes",
            "forward",
            "--precision",
            "fp32,bf16",
            "--kernels",
            "vector,reference",
            "--batch",
            "1,2",
            "--seconds",
            0.05,
            "--out",
            file);
    assertThat(run.out()).contains("GEMM peak, fp32", "GEMM peak, bf16");
    for (String kernels : List.of("vector", "reference")) {
      for (String precision : List.of("fp32", "bf16")) {
        for (int batch : List.of(1, 2)) {
          assertThat(run.out())
              .containsPattern(
                  "config +forward +%s +%s +16x16 +%d ".formatted(kernels, precision, batch));
        }
      }
    }
    JsonNode json = new JsonMapper().readTree(Files.readString(file));
    assertThat(json.get("results").size()).isEqualTo(8);
    assertThat(json.get("gemm_peak").propertyNames()).containsExactly("fp32", "bf16");
  }

  @Test
  void wrongOptionsAreRefused() {
    isRefused("Invalid value for option '--precision'", "bench", "--precision", "fp32,fp8");
    isRefused("at least 1 image", "bench", "--cases", "cifar10", "--batch", "1,0");
    isRefused("did you mean \"cifar10\"?", "bench", "--cases", "cifr10");
    isRefused("there is no such file", "bench", "--cases", folder.resolve("missing.json"));
    isRefused("at least 1 image", "bench", "--cases", "cifar10", "--batch", 0);
    isRefused("at least 1 thread", "bench", "--threads", 0);
    isRefused("seconds must be positive", "bench", "--seconds", -1);
    isRefused("add --passes forward", "bench", "--cases", "ffhq-1024", "--passes", "train");
    isRefused("--passes", "bench", "--passes", "backward");
    isRefused("No kernel benchmark matches", "bench", "--kernels-only=nothing");
  }

  @Test
  void theHelpNamesTheCasesAndHasExamples() {
    assertThat(CommandRun.succeeds("bench", "--help").out())
        .contains("flowers-window", "scaling-2048", "Examples:", "  hourglass bench --cases")
        .satisfies(help -> assertThat(help.lines()).allMatch(line -> line.length() <= 110));
  }

  @Test
  void theCompletionScriptKnowsTheCases() {
    assertThat(CommandRun.succeeds("completion").out()).contains("flowers-window");
  }
}
