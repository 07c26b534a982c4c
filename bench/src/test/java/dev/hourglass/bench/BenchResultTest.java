package dev.hourglass.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.config.Size;
import dev.hourglass.ops.Precision;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BenchResultTest {

  private static BenchResult result(Pass pass) {
    return new BenchResult(
        "case",
        pass,
        "vector",
        "vector",
        Precision.FP32,
        new Size(10, 20),
        4,
        1_000_000_000,
        List.of(0.9, 0.4, 0.8, 2.0, 0.6),
        OptionalLong.empty(),
        OptionalDouble.empty());
  }

  @Test
  void theFastestRunCounts() {
    assertThat(result(Pass.FORWARD).secondsPerImage()).isEqualTo(0.1);
    assertThat(result(Pass.FORWARD).medianSecondsPerImage()).isEqualTo(0.2);
    assertThat(result(Pass.FORWARD).nanosPerPixel()).isCloseTo(1e8 / 200, within(1e-3));
  }

  @Test
  void aMultiplyAccumulateIsTwoOperationsAndATrainingStepThreePasses() {
    assertThat(result(Pass.FORWARD).gflops()).isCloseTo(20, within(1e-9));
    assertThat(result(Pass.TRAIN).gflops()).isCloseTo(60, within(1e-9));
  }

  @Test
  void timeForAMultiplyAccumulateIsComparedWithTheBase() {
    assertThat(result(Pass.TRAIN).secondsPerGigaMac()).isEqualTo(0.1);
    assertThat(result(Pass.TRAIN).ofBase()).isEmpty();
    assertThat(result(Pass.TRAIN).against(result(Pass.TRAIN)).ofBase()).hasValue(1);
  }
}
