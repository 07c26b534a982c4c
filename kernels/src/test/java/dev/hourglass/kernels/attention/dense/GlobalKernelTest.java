package dev.hourglass.kernels.attention.dense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.kernels.attention.DenseAllocation;
import dev.hourglass.kernels.attention.DenseAttentionCase;
import dev.hourglass.kernels.attention.DenseAttentionCase.Results;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.kernels.parallel.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobalKernelTest {

  @AfterEach
  void restoreThreads() {
    Workers.setThreads(Runtime.getRuntime().availableProcessors());
  }

  /** Images, heads, tokens, d. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 8",
    "2, 3, 1, 64",
    "1, 2, 2, 16",
    "1, 1, 3, 24",
    "2, 1, 7, 8",
    "1, 2, 15, 32",
    "1, 1, 16, 64",
    "1, 3, 17, 40",
    "2, 2, 33, 64",
    "2, 2, 49, 64",
    "1, 1, 49, 8",
    "2, 4, 64, 64",
    "1, 1, 64, 128",
    "1, 2, 65, 72",
    "1, 1, 127, 48",
    "1, 2, 196, 64",
    "1, 2, 225, 32",
    "1, 1, 256, 64",
    "1, 1, 257, 16",
    "1, 1, 300, 104",
    "1, 1, 511, 24",
    "2, 1, 520, 8",
    "1, 1, 769, 32",
    "1, 2, 1024, 16",
    "1, 1, 1301, 8"
  })
  void computesAttentionAndItsGradients(int images, int heads, int tokens, int d) {
    for (boolean bfloat16 : new boolean[] {false, true}) {
      var attention = new DenseAttentionCase(images, heads, tokens, d, 2, bfloat16);
      Results computed = attention.computedBy(new GlobalKernel(images, heads, tokens, d, bfloat16));
      assertThat(attention.error(computed, (query, key) -> true)).isLessThan(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 40, 16", "1, 1, 600, 16", "2, 2, 64, 64"})
  void largeScoresNeitherOverflowNorLosePrecision(int images, int heads, int tokens, int d) {
    for (boolean bfloat16 : new boolean[] {false, true}) {
      var attention = new DenseAttentionCase(images, heads, tokens, d, 100, bfloat16);
      Results computed = attention.computedBy(new GlobalKernel(images, heads, tokens, d, bfloat16));
      assertThat(attention.error(computed, (query, key) -> true)).isLessThan(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 2, 49, 64, false", "1, 2, 700, 32, false", "1, 2, 700, 32, true"})
  void anyNumberOfThreadsGivesTheSameBits(
      int images, int heads, int tokens, int d, boolean bfloat16) {
    var attention = new DenseAttentionCase(images, heads, tokens, d, 2, bfloat16);
    var kernel = new GlobalKernel(images, heads, tokens, d, bfloat16);
    Workers.setThreads(1);
    Results alone = attention.computedBy(kernel);
    for (int threads = 2; threads <= 3; threads++) {
      Workers.setThreads(threads);
      assertThat(attention.computedBy(kernel).hasSameBitsAs(alone)).isTrue();
    }
  }

  @Test
  void theResultIsTheSameWhenNothingIsKept() {
    var attention = new DenseAttentionCase(1, 2, 70, 16, 2, false);
    var kernel = new GlobalKernel(1, 2, 70, 16, false);
    assertThat(attention.outWithoutKeeping(kernel)).isEqualTo(attention.computedBy(kernel).out());
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    for (boolean bfloat16 : new boolean[] {false, true}) {
      var kernel = new GlobalKernel(1, 2, 320, 64, bfloat16);
      DenseAllocation.assertFew(kernel, 2 * 320 * 64);
    }
  }

  @Test
  void sizesThatTheKernelDoesNotTakeAreRefused() {
    assertThatThrownBy(() -> new GlobalKernel(1, 1, 16, 12, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiple of 8");
    assertThatThrownBy(() -> new GlobalKernel(1, 1, 0, 8, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
