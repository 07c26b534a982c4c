package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.bench.Activity;
import dev.hourglass.bench.BenchResult;
import dev.hourglass.bench.Pass;
import dev.hourglass.bench.Profile;
import dev.hourglass.config.Size;
import dev.hourglass.core.machine.Machine;
import dev.hourglass.ops.Precision;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchReportTest {

  private static final Machine MACHINE = new Machine("Some CPU", 2, "Linux 6", "25", 0.5);

  private static BenchReport report(BenchResult... results) {
    BenchReport report = new BenchReport(MACHINE, 2);
    report.setPeak(Precision.FP32, 220, 200);
    report.add(List.of(results));
    return report;
  }

  private static BenchResult result(String name, Pass pass, int side, int batch, double seconds) {
    return new BenchResult(
        name,
        pass,
        "vector",
        "vector (our kernels)",
        Precision.FP32,
        Size.square(side),
        batch,
        1000L * side * side,
        List.of(3 * seconds, 2 * seconds, seconds),
        OptionalLong.of(1234L << 20),
        OptionalDouble.empty());
  }

  private static String printed(BenchReport report) {
    StringWriter text = new StringWriter();
    report.print(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void theTableHasALineForEachResult() {
    String text =
        printed(
            report(
                result("first", Pass.FORWARD, 1000, 2, 0.04),
                result("second", Pass.TRAIN, 1000, 1, 12.5)));
    assertThat(text)
        .contains("GEMM peak, fp32, 2 threads: 220 GFLOP/s (our kernels 220, libtorch 200)")
        .containsPattern(
            "first +forward +vector +fp32 +1000x1000 +2 +20\\.00 +40\\.00 +100\\.0 +45% +50\\.0"
                + " +1,234 MiB\\R")
        .containsPattern(
            "second +train +vector +fp32 +1000x1000 +1 +12,500\\.0 +25,000\\.0 +0\\.5 +0% +0\\.080"
                + " ")
        .doesNotContain("ns/pixel");
  }

  @Test
  void memoryThatIsNotKnownIsNotInvented() {
    BenchResult known = result("first", Pass.FORWARD, 10, 1, 1);
    BenchResult unknown =
        new BenchResult(
            known.caseName(),
            known.pass(),
            known.kernels(),
            known.provider(),
            known.precision(),
            known.size(),
            known.batch(),
            known.macs(),
            known.seconds(),
            OptionalLong.empty(),
            OptionalDouble.empty());
    assertThat(printed(report(unknown))).containsPattern("n/a\\R");
    JsonNode row = new JsonMapper().readTree(report(unknown).json()).get("results").get(0);
    assertThat(row.get("peak_memory_bytes").isNull()).isTrue();
  }

  @Test
  void theScalingSeriesIsComparedWith256() {
    BenchReport report =
        report(
            result("scaling-128", Pass.FORWARD, 128, 1, 128 * 128 * 2e-7),
            result("scaling-256", Pass.FORWARD, 256, 1, 256 * 256 * 1e-7));
    assertThat(printed(report))
        .containsPattern("128x128 +vector +fp32 +1,000 +200 +2\\.00\\R")
        .containsPattern("256x256 +vector +fp32 +1,000 +100 +1\\.00\\R");
    JsonNode rows = new JsonMapper().readTree(report.json()).get("results");
    assertThat(rows.get(0).get("ns_per_pixel_against_256").doubleValue()).isEqualTo(2);
  }

  @Test
  void withoutIts256TheScalingSeriesIsNotCompared() {
    BenchReport report = report(result("scaling-128", Pass.FORWARD, 128, 1, 1));
    assertThat(printed(report)).doesNotContain("against");
    assertThat(report.json()).doesNotContain("against");
  }

  @Test
  void variantsAreComparedWithThePapersBlock() {
    BenchResult paper = result("variants-paper", Pass.TRAIN, 1000, 1, 0.1);
    BenchResult slow = result("variants-GELU", Pass.TRAIN, 1000, 1, 0.125);
    BenchResult compared =
        new BenchResult(
            slow.caseName(),
            slow.pass(),
            slow.kernels(),
            slow.provider(),
            slow.precision(),
            slow.size(),
            slow.batch(),
            slow.macs(),
            slow.seconds(),
            slow.peakMemory(),
            OptionalDouble.of(1.25));
    BenchReport report = report(paper, compared, result("first", Pass.TRAIN, 10, 1, 1));
    assertThat(printed(report))
        .contains("of the paper's")
        .containsPattern("paper +train +vector +fp32 +1\\.000 +100\\.00 +1\\.00\\R")
        .containsPattern("GELU +train +vector +fp32 +1\\.000 +125\\.00 +1\\.25\\R");
    JsonNode rows = new JsonMapper().readTree(report.json()).get("results");
    assertThat(rows.get(1).get("ms_per_gmac").doubleValue()).isEqualTo(125);
    assertThat(rows.get(1).get("ms_per_gmac_against_paper").doubleValue()).isEqualTo(1.25);
    assertThat(rows.get(2).has("ms_per_gmac_against_paper")).isFalse();
  }

  @Test
  void profilesAreTablesOfShares() {
    BenchReport report = report(result("first", Pass.FORWARD, 10, 1, 1));
    report.addProfile(
        "first forward, vector",
        new Profile(
            Map.of("FeedForward", Map.of(Activity.PRODUCTS, 0.75, Activity.WAITING, 0.25)), 1.5));
    assertThat(printed(report))
        .contains("first forward, vector: 1.50 of 2 threads busy")
        .containsPattern("FeedForward +100% +75% +25% ");
    JsonNode profile =
        new JsonMapper().readTree(report.json()).get("profiles").get("first forward, vector");
    assertThat(profile.get("shares").get("FeedForward").get("products").doubleValue())
        .isEqualTo(0.75);
  }

  @Test
  void jsonHasTheNumbersInFull() {
    JsonNode json =
        new JsonMapper().readTree(report(result("first", Pass.TRAIN, 1000, 2, 0.04)).json());
    assertThat(json.get("machine").get("processor").stringValue()).isEqualTo("Some CPU");
    assertThat(json.get("gemm_peak").get("fp32").get("gflops").doubleValue()).isEqualTo(220);
    JsonNode row = json.get("results").get(0);
    assertThat(row.get("case").stringValue()).isEqualTo("first");
    assertThat(row.get("pass").stringValue()).isEqualTo("train");
    assertThat(row.get("ms_per_image").doubleValue()).isEqualTo(20);
    assertThat(row.get("precision").stringValue()).isEqualTo("fp32");
    assertThat(row.get("runs").intValue()).isEqualTo(3);
    assertThat(row.get("gflops").doubleValue()).isEqualTo(300);
    assertThat(row.get("peak_memory_bytes").longValue()).isEqualTo(1234L << 20);
  }
}
