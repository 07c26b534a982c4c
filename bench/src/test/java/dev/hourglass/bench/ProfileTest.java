package dev.hourglass.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.ops.Precision;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileTest {

  @ParameterizedTest
  @CsvSource({
    "java.lang.invoke.MH dev.hourglass.kernels.Gemm a.kernels.FeedForwardKernel, PRODUCTS",
    "dev.hourglass.kernels.SoftmaxRows dev.hourglass.kernels.GlobalKernel, ATTENTION",
    "java.lang.Math dev.hourglass.kernels.NeighborhoodKernel$$Lambda/1, ATTENTION",
    "dev.hourglass.kernels.RmsNorm dev.hourglass.kernels.FeedForwardKernel, ELEMENTWISE",
    "dev.hourglass.kernels.Transpose dev.hourglass.kernels.NeighborhoodKernel, MEMORY",
    "dev.hourglass.kernels.Workers dev.hourglass.kernels.GlobalKernel, WAITING",
    "org.bytedeco.pytorch.Tensor dev.hourglass.ops.ReferenceOps, LIBTORCH",
    "java.util.HashMap dev.hourglass.model.Parameters, OTHER"
  })
  void theInnermostClassTellsTheActivity(String stack, Activity activity) {
    assertThat(Activity.of(List.of(stack.split(" ", -1)))).isEqualTo(activity);
  }

  @ParameterizedTest
  @CsvSource({
    "Gemm FeedForwardKernel FeedForwardKernel$$Lambda/0x1 Workers Workers$$Lambda/0x2, FeedForward",
    "Gemm WeightGradient$$Lambda/0x1 Workers FeedForwardKernel, WeightGradient",
    "SoftmaxRows GlobalKernel Workers GlobalKernel AttentionBlockKernel, Global",
    "Workers MergeKernel, Merge",
    "Workers Workers$$Lambda/0x2, -",
    "Bfloat16, Bfloat16"
  })
  void theBlockIsTheKernelThatSharedTheWorkOut(String stack, String block) {
    List<String> classes =
        Arrays.stream(stack.split(" ", -1)).map(name -> "dev.hourglass.kernels." + name).toList();
    assertThat(Profile.block(classes)).isEqualTo(block);
  }

  @Test
  void workOutsideOfKernelsHasNoBlock() {
    assertThat(Profile.block(List.of("org.bytedeco.pytorch.Tensor"))).isEqualTo(Profile.NO_BLOCK);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theSharesOfAllSamplesMakeOne() {
    GemmPeak work = new GemmPeak(Precision.FP32, 1);
    Profile profile = Profile.of(() -> work.measure(0.1), 0.5);
    assertThat(profile.shares()).isNotEmpty();
    assertThat(
            profile.shares().values().stream()
                .flatMap(shares -> shares.values().stream())
                .mapToDouble(Double::doubleValue)
                .sum())
        .isCloseTo(1, within(1e-9));
    assertThat(profile.busyThreads()).isPositive();
  }
}
