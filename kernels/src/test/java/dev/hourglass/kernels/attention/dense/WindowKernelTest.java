package dev.hourglass.kernels.attention.dense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.kernels.attention.AttentionDefinition.Sight;
import dev.hourglass.kernels.attention.DenseAllocation;
import dev.hourglass.kernels.attention.DenseAttentionCase;
import dev.hourglass.kernels.attention.DenseAttentionCase.Results;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.kernels.parallel.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowKernelTest {

  @AfterEach
  void restoreThreads() {
    Workers.setThreads(Runtime.getRuntime().availableProcessors());
  }

  /** The definition: the grid is rolled, and a window at its start does not see across the seam. */
  private static Sight sight(int rows, int columns, int size, int shift) {
    return (query, key) ->
        seesAlong(query / columns, key / columns, rows, size, shift)
            && seesAlong(query % columns, key % columns, columns, size, shift);
  }

  private static boolean seesAlong(int query, int key, int length, int size, int shift) {
    int rolledQuery = (query + shift) % length;
    int rolledKey = (key + shift) % length;
    boolean acrossSeam = rolledQuery / size == 0 && (rolledQuery < shift) != (rolledKey < shift);
    return rolledQuery / size == rolledKey / size && !acrossSeam;
  }

  /** Images, heads, rows, columns, d, size, shift. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 8, 1, 0",
    "1, 2, 3, 5, 16, 1, 0",
    "1, 1, 4, 6, 8, 2, 1",
    "2, 3, 6, 3, 24, 3, 1",
    "1, 1, 3, 3, 8, 3, 2",
    "1, 2, 8, 8, 64, 4, 0",
    "1, 2, 8, 8, 64, 4, 2",
    "1, 1, 4, 12, 32, 4, 3",
    "1, 1, 10, 5, 40, 5, 2",
    "1, 2, 12, 6, 16, 6, 3",
    "1, 2, 14, 14, 64, 7, 0",
    "1, 2, 14, 21, 64, 7, 3",
    "2, 1, 7, 7, 32, 7, 3",
    "1, 1, 7, 14, 8, 7, 6",
    "2, 2, 16, 16, 64, 8, 0",
    "2, 2, 16, 16, 64, 8, 4",
    "1, 1, 8, 24, 128, 8, 4",
    "1, 3, 24, 8, 48, 8, 1",
    "1, 1, 9, 9, 72, 9, 4",
    "1, 1, 16, 16, 8, 16, 8",
    "1, 1, 24, 24, 8, 24, 12",
    "1, 1, 24, 24, 8, 24, 22",
    "1, 1, 8, 8, 16, 4, 4",
    "1, 1, 8, 8, 16, 4, 9"
  })
  void computesAttentionInWindowsAndItsGradients(
      int images, int heads, int rows, int columns, int d, int size, int shift) {
    for (boolean bfloat16 : new boolean[] {false, true}) {
      var attention = new DenseAttentionCase(images, heads, rows * columns, d, 2, bfloat16);
      var kernel = new WindowKernel(images, heads, rows, columns, d, size, shift, bfloat16);
      Results computed = attention.computedBy(kernel);
      assertThat(attention.error(computed, sight(rows, columns, size, shift))).isLessThan(1);
    }
  }

  @Test
  void largeScoresNeitherOverflowNorLosePrecision() {
    for (boolean bfloat16 : new boolean[] {false, true}) {
      var attention = new DenseAttentionCase(1, 2, 16 * 16, 64, 100, bfloat16);
      var kernel = new WindowKernel(1, 2, 16, 16, 64, 8, 4, bfloat16);
      Results computed = attention.computedBy(kernel);
      assertThat(attention.error(computed, sight(16, 16, 8, 4))).isLessThan(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void anyNumberOfThreadsGivesTheSameBits(boolean bfloat16) {
    var attention = new DenseAttentionCase(1, 2, 14 * 21, 32, 2, bfloat16);
    var kernel = new WindowKernel(1, 2, 14, 21, 32, 7, 3, bfloat16);
    Workers.setThreads(1);
    Results alone = attention.computedBy(kernel);
    for (int threads = 2; threads <= 3; threads++) {
      Workers.setThreads(threads);
      assertThat(attention.computedBy(kernel).hasSameBitsAs(alone)).isTrue();
    }
  }

  @Test
  void theResultIsTheSameWhenNothingIsKept() {
    var attention = new DenseAttentionCase(1, 2, 8 * 8, 16, 2, false);
    var kernel = new WindowKernel(1, 2, 8, 8, 16, 4, 2, false);
    assertThat(attention.outWithoutKeeping(kernel)).isEqualTo(attention.computedBy(kernel).out());
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    for (boolean bfloat16 : new boolean[] {false, true}) {
      var kernel = new WindowKernel(1, 2, 32, 32, 64, 8, 4, bfloat16);
      DenseAllocation.assertFew(kernel, 2 * 32 * 32 * 64);
    }
  }

  @Test
  void gridsThatWindowsDoNotDivideAreRefused() {
    assertThatThrownBy(() -> new WindowKernel(1, 1, 16, 12, 8, 8, 0, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16 x 12");
    assertThatThrownBy(() -> new WindowKernel(1, 1, 16, 16, 8, 8, -1, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
