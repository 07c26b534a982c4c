package dev.hourglass.kernels.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.parallel.ElementChunks;
import dev.hourglass.kernels.parallel.Workers;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SumOfSquaresTest {

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void free() {
    arena.close();
    Workers.setThreads(Runtime.getRuntime().availableProcessors());
  }

  private long array(float... values) {
    long address = arena.allocate(4L * values.length + 4, 4).address();
    for (int i = 0; i < values.length; i++) {
      Memory.setFloat(address + 4L * i, values[i]);
    }
    return address;
  }

  private static float[] noise(int count) {
    float[] values = new float[count];
    RandomStream random = RandomStream.of(count);
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double expected(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 15, 16, 17, 31, 33, 100, 16383, 16384, 16385, 40_001})
  void itIsTheSumOverAnyNumberOfElements(int count) {
    float[] values = noise(count);
    double sum = SumOfSquares.of(new ElementChunks(List.of((long) count)), array(values));
    assertThat(sum).isCloseTo(expected(values), within(1e-13 * count));
  }

  @Test
  void arraysAddUpAndOneWithoutAddressCountsAsNothing() {
    ElementChunks chunks = new ElementChunks(List.of(3L, 100_000L, 1L));
    assertThat(SumOfSquares.of(chunks, array(1, 2, 3), 0, array(-4))).isEqualTo(30);
  }

  @Test
  void squaresBeyondFloat32AreSummedInDouble() {
    assertThat(SumOfSquares.of(new ElementChunks(List.of(2L)), array(3e25f, 4e25f)))
        .isCloseTo(25e50, within(1e45));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 17, 16_399})
  void anElementThatIsNotFiniteShows(int place) {
    float[] values = noise(16_400);
    ElementChunks chunks = new ElementChunks(List.of(16_400L));
    values[place] = Float.NaN;
    assertThat(SumOfSquares.of(chunks, array(values))).isNaN();
    values[place] = Float.NEGATIVE_INFINITY;
    assertThat(SumOfSquares.of(chunks, array(values))).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void theSumIsTheSameForAnyNumberOfThreads() {
    ElementChunks chunks = new ElementChunks(List.of(150_001L, 70_000L));
    long[] arrays = {array(noise(150_001)), array(noise(70_000))};
    Workers.setThreads(1);
    double alone = SumOfSquares.of(chunks, arrays);
    for (int threads = 2; threads <= 5; threads++) {
      Workers.setThreads(threads);
      assertThat(SumOfSquares.of(chunks, arrays)).isEqualTo(alone);
    }
  }

  @Test
  void anotherNumberOfArraysIsRefused() {
    assertThatThrownBy(() -> SumOfSquares.of(new ElementChunks(List.of(1L, 1L)), array(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 arrays where 2");
  }
}
