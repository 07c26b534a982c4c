package dev.hourglass.bench;

import static dev.hourglass.bench.Activity.ATTENTION;
import static dev.hourglass.bench.Activity.ELEMENTWISE;
import static dev.hourglass.bench.Activity.LIBTORCH;
import static dev.hourglass.bench.Activity.MEMORY;
import static dev.hourglass.bench.Activity.OTHER;
import static dev.hourglass.bench.Activity.PRODUCTS;
import static dev.hourglass.bench.Activity.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.hourglass.kernels.attention.dense.GlobalKernel;
import dev.hourglass.kernels.attention.neighborhood.NeighborhoodKernel;
import dev.hourglass.kernels.block.AttentionBlockKernel;
import dev.hourglass.kernels.block.FeedForwardKernel;
import dev.hourglass.kernels.norm.RmsNorm;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.Bfloat16;
import dev.hourglass.kernels.product.Gemm;
import dev.hourglass.kernels.product.Transpose;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.product.WeightGradientSums;
import dev.hourglass.kernels.resample.MergeKernel;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProfileTest {

  static Stream<Arguments> activities() {
    return Stream.of(
        arguments(PRODUCTS, List.of("java.lang.invoke.MH", name(Gemm.class), name(Weight.class))),
        arguments(ATTENTION, List.of("java.lang.Math", lambda(NeighborhoodKernel.class))),
        arguments(ATTENTION, List.of(name(GlobalKernel.class), name(Workers.class))),
        arguments(ELEMENTWISE, List.of(name(RmsNorm.class), name(FeedForwardKernel.class))),
        arguments(MEMORY, List.of(name(Transpose.class), name(NeighborhoodKernel.class))),
        arguments(WAITING, List.of(name(Workers.class), name(GlobalKernel.class))),
        arguments(LIBTORCH, List.of(name(Tensor.class), name(ReferenceOps.class))),
        arguments(OTHER, List.of("java.util.HashMap", name(ReferenceOps.class))));
  }

  private static String name(Class<?> type) {
    return type.getName();
  }

  private static String lambda(Class<?> type) {
    return type.getName() + "$$Lambda/0x1";
  }

  @ParameterizedTest
  @MethodSource("activities")
  void theInnermostClassTellsTheActivity(Activity activity, List<String> stack) {
    assertThat(Activity.of(stack)).isEqualTo(activity);
  }

  static Stream<Arguments> blocks() {
    return Stream.of(
        arguments(
            "FeedForward",
            List.of(Gemm.class, FeedForwardKernel.class, FeedForwardKernel.class, Workers.class)),
        arguments(
            "WeightGradientSums",
            List.of(Gemm.class, WeightGradientSums.class, Workers.class, FeedForwardKernel.class)),
        arguments(
            "Global",
            List.of(
                GlobalKernel.class, Workers.class, GlobalKernel.class, AttentionBlockKernel.class)),
        arguments("Merge", List.of(Workers.class, MergeKernel.class)),
        arguments("Merge", List.of(Workers.class, TokenChunks.class, MergeKernel.class)),
        arguments(
            "FeedForward",
            List.of(
                Gemm.class,
                FeedForwardKernel.class,
                TokenChunks.class,
                Workers.class,
                TokenChunks.class,
                FeedForwardKernel.class)),
        arguments("-", List.of(Workers.class, Workers.class)),
        arguments("Bfloat16", List.of(Bfloat16.class)));
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void theBlockIsTheKernelThatSharedTheWorkOut(String block, List<Class<?>> stack) {
    assertThat(Profile.block(stack.stream().map(ProfileTest::name).toList())).isEqualTo(block);
    assertThat(Profile.block(stack.stream().map(ProfileTest::lambda).toList())).isEqualTo(block);
  }

  @Test
  void workOutsideOfKernelsHasNoBlock() {
    assertThat(Profile.block(List.of(name(Tensor.class)))).isEqualTo(Profile.NO_BLOCK);
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
