package dev.hourglass.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.compute.Kernels;
import dev.hourglass.core.InputException;
import dev.hourglass.ops.Precision;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BenchmarkTest {

  private static final double SHORT = 0.05;

  @ParameterizedTest
  @EnumSource
  void everyPassIsMeasuredWithEveryProvider(Pass pass) {
    List<Kernels> providers = List.of(Kernels.VECTOR, Kernels.REFERENCE);
    List<BenchResult> results =
        new Benchmark(Precision.FP32, 2, SHORT).measure(TinyCase.of(3), pass, providers);
    assertThat(results).extracting(BenchResult::kernels).containsExactly("vector", "reference");
    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(result.pass()).isEqualTo(pass);
              assertThat(result.batch()).isEqualTo(3);
              assertThat(result.seconds()).hasSizeGreaterThanOrEqualTo(3);
              assertThat(result.gflops()).isPositive();
            });
  }

  @ParameterizedTest
  @EnumSource
  void neighborhoodAttentionIsMeasuredAlone(Pass pass) {
    BenchCase attention = BenchCases.select(List.of("neighborhood-64")).getFirst().withBatch(1);
    List<BenchResult> results =
        new Benchmark(Precision.BF16, 1, SHORT)
            .measure(attention, pass, List.of(Kernels.REFERENCE));
    assertThat(results.getFirst().provider()).contains("reference", "bf16");
    assertThat(results.getFirst().seconds()).allMatch(seconds -> seconds > 0);
  }

  @Test
  void aCaseIsMeasuredInTurnsWithItsBase() {
    BenchCase tiny = TinyCase.of(1);
    BenchCase against =
        new BenchCase(tiny.name(), tiny.workload(), 1, tiny.passes(), Optional.of(tiny));
    List<Kernels> providers = List.of(Kernels.VECTOR, Kernels.REFERENCE);
    List<BenchResult> results =
        new Benchmark(Precision.FP32, 1, SHORT).measure(against, Pass.FORWARD, providers);
    assertThat(results)
        .hasSize(2)
        .allSatisfy(result -> assertThat(result.ofBase().orElseThrow()).isPositive());
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> new Benchmark(Precision.FP32, 0, 1))
        .withMessage("There must be at least 1 thread, not 0.");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> new Benchmark(Precision.FP32, 1, 0))
        .withMessageStartingWith("The seconds must be positive");
  }

  @Test
  void thePeakIsTheBetterOfTwoProductsAndNeverFalls() {
    GemmPeak peak = new GemmPeak(Precision.FP32, 2);
    peak.measure(SHORT);
    double first = peak.gflops();
    assertThat(first).isPositive().isEqualTo(Math.max(peak.kernelGflops(), peak.libtorchGflops()));
    peak.measure(SHORT);
    assertThat(peak.gflops()).isGreaterThanOrEqualTo(first);
  }
}
