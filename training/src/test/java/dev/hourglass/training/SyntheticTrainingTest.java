package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.compute.Compute;
import dev.hourglass.compute.Kernels;
import dev.hourglass.config.Config;
import dev.hourglass.config.OptimizerConfig;
import dev.hourglass.ops.Precision;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticTrainingTest {

  private static final int STEPS = 5;

  /** The sum of the losses; noise and noise levels are the same whatever the rate. */
  private static double losses(Kernels kernels, double learningRate) {
    Config tiny = TinyModel.CONFIG;
    Config config =
        new Config(
            tiny.model(),
            tiny.dataset(),
            new OptimizerConfig.AdamW(learningRate, 0.9, 0.95, 1e-8, 0),
            tiny.lrSchedule(),
            tiny.emaSchedule());
    double sum = 0;
    try (SyntheticTraining training =
        new SyntheticTraining(
            config, new Compute(kernels, Precision.FP32), new Batching(4, 1, false))) {
      for (int step = 0; step < STEPS; step++) {
        sum += training.step();
      }
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource(names = {"VECTOR", "REFERENCE"})
  void stepsTrain(Kernels kernels) {
    assertThat(losses(kernels, 1e-2)).isPositive().isLessThan(losses(kernels, 1e-12));
  }

  @Test
  void aThousandStepsDoNotGrow() {
    try (SyntheticTraining training =
        new SyntheticTraining(
            TinyModel.CONFIG,
            new Compute(Kernels.VECTOR, Precision.BF16),
            new Batching(4, 1, false))) {
      steps(training, 300);
      long before = residentBytes();
      steps(training, 1000);
      assertThat(residentBytes() - before).isLessThan(16 << 20); // 16 kB a step
    }
  }

  private static void steps(SyntheticTraining training, int count) {
    for (int step = 0; step < count; step++) {
      training.step();
    }
  }

  private static long residentBytes() {
    System.gc();
    return Pointer.physicalBytes();
  }
}
