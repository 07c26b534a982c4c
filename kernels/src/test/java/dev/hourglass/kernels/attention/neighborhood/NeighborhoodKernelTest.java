package dev.hourglass.kernels.attention.neighborhood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.kernels.attention.AttentionDefinition.Sight;
import dev.hourglass.kernels.attention.AttentionKernel;
import dev.hourglass.kernels.attention.DenseAllocation;
import dev.hourglass.kernels.attention.DenseAttentionCase;
import dev.hourglass.kernels.attention.DenseAttentionCase.Results;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.kernels.parallel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeighborhoodKernelTest {

  @AfterEach
  void restoreThreads() {
    Workers.setThreads(Runtime.getRuntime().availableProcessors());
  }

  /** The definition: kernel places around the query, moved inward at the border. */
  private static Sight sight(int rows, int columns, int kernel) {
    return (query, key) ->
        seesAlong(query / columns, key / columns, rows, kernel)
            && seesAlong(query % columns, key % columns, columns, kernel);
  }

  private static boolean seesAlong(int query, int key, int length, int kernel) {
    int start = Math.clamp(query - kernel / 2, 0, length - kernel);
    return start <= key && key < start + kernel;
  }

  /** Images, heads, rows, columns, d, kernel. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 8, 1",
    "2, 3, 5, 18, 40, 1",
    "1, 1, 3, 3, 8, 3",
    "2, 1, 5, 40, 24, 3",
    "1, 2, 26, 19, 96, 3",
    "1, 1, 5, 5, 16, 5",
    "1, 1, 9, 5, 8, 5",
    "1, 2, 21, 29, 64, 5",
    "1, 1, 7, 7, 64, 7",
    "1, 1, 7, 16, 64, 7",
    "2, 2, 12, 21, 64, 7",
    "1, 3, 14, 14, 32, 7",
    "2, 1, 16, 16, 64, 7",
    "1, 2, 33, 35, 16, 7",
    "1, 1, 40, 8, 128, 7",
    "1, 1, 30, 31, 72, 7",
    "1, 1, 9, 9, 56, 9",
    "3, 2, 11, 9, 48, 9",
    "1, 2, 10, 36, 128, 9",
    "1, 1, 11, 23, 16, 11",
    "1, 1, 13, 13, 8, 13",
    "1, 1, 33, 20, 16, 13",
    "1, 2, 13, 40, 32, 13",
    "1, 1, 17, 22, 8, 17",
    // Two strips of columns.
    "1, 1, 9, 100, 64, 7",
    "1, 1, 13, 70, 128, 13",
    // Three bands of rows and more.
    "1, 2, 64, 9, 16, 7",
    "1, 1, 52, 13, 8, 13",
    "1, 1, 67, 6, 24, 3"
  })
  void computesAttentionInNeighborhoodsAndItsGradients(
      int images, int heads, int rows, int columns, int d, int kernel) {
    var attention = new DenseAttentionCase(images, heads, rows * columns, d, 2, false);
    var computed =
        attention.computedBy(new NeighborhoodKernel(images, heads, rows, columns, d, kernel));
    assertThat(attention.error(computed, sight(rows, columns, kernel))).isLessThan(1);
  }

  @Test
  void largeScoresNeitherOverflowNorLosePrecision() {
    var attention = new DenseAttentionCase(1, 2, 16 * 16, 64, 100, false);
    var computed = attention.computedBy(new NeighborhoodKernel(1, 2, 16, 16, 64, 7));
    assertThat(attention.error(computed, sight(16, 16, 7))).isLessThan(1);
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBits() {
    var attention = new DenseAttentionCase(1, 2, 84 * 21, 32, 2, false);
    var kernel = new NeighborhoodKernel(1, 2, 84, 21, 32, 7);
    Workers.setThreads(1);
    Results alone = attention.computedBy(kernel);
    for (int threads = 2; threads <= 3; threads++) {
      Workers.setThreads(threads);
      assertThat(attention.computedBy(kernel).hasSameBitsAs(alone)).isTrue();
    }
  }

  /** NaN around the inputs, so that any number read past an end would show. */
  @Test
  void touchesNothingButItsArrays() {
    int rows = 9;
    int columns = 19;
    int d = 24;
    int count = 2 * rows * columns * d;
    int margin = 1000;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment[] arrays = new MemorySegment[8];
      for (int i = 0; i < arrays.length; i++) {
        arrays[i] = arena.allocate(4L * (count + 2 * margin), 4).fill((byte) 0xFF);
      }
      for (int i = 0; i < 4; i++) {
        arrays[i].asSlice(4L * margin, 4L * count).fill((byte) 0);
      }
      long[] at = Arrays.stream(arrays).mapToLong(array -> array.address() + 4L * margin).toArray();
      var kernel = new NeighborhoodKernel(1, 2, rows, columns, d, 7);
      kernel.forward(at[0], at[1], at[2], at[4], 0);
      kernel.backward(
          at[0], at[1], at[2], at[4], 0, at[3], new AttentionKernel.Gradients(at[5], at[6], at[7]));
      for (int i = 4; i < arrays.length; i++) {
        float[] all = arrays[i].toArray(ValueLayout.JAVA_FLOAT);
        assertThat(Arrays.copyOfRange(all, margin, margin + count)).containsOnly(0f);
        assertThat(Arrays.copyOfRange(all, 0, margin)).containsOnly(Float.NaN);
        assertThat(Arrays.copyOfRange(all, margin + count, all.length)).containsOnly(Float.NaN);
      }
    }
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    DenseAllocation.assertFew(new NeighborhoodKernel(1, 2, 32, 32, 64, 7), 2 * 32 * 32 * 64);
  }

  @Test
  void kernelsThatHaveNoCentreOrDoNotFitTheGridAreRefused() {
    assertThatThrownBy(() -> new NeighborhoodKernel(1, 1, 16, 16, 8, 6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("odd");
    assertThatThrownBy(() -> new NeighborhoodKernel(1, 1, 16, 6, 8, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16 x 6");
    assertThatThrownBy(() -> new NeighborhoodKernel(1, 1, 16, 16, 12, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("12");
  }
}
