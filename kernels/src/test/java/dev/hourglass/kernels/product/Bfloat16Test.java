package dev.hourglass.kernels.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.kernels.memory.Matrix;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import java.lang.foreign.Arena;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Bfloat16Test {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0.0",
    "1, 1",
    "1.00390625, 1", // halfway, to even
    "1.01171875, 1.015625", // halfway, to even
    "1.0040, 1.0078125",
    "-3.1415927, -3.140625",
    "3.4e38, Infinity",
    "Infinity, Infinity",
    "-Infinity, -Infinity",
    "NaN, NaN"
  })
  void numbersRoundToTheNearestAndTiesToEven(float value, float expected) {
    // As objects: NaN equals itself.
    assertThat((Float) Bfloat16.toFloat(Bfloat16.of(value))).isEqualTo((Float) expected);
  }

  @Property
  void noOtherNumberIsNearer(@ForAll float value) {
    short bits = Bfloat16.of(value);
    double error = Math.abs((double) value - Bfloat16.toFloat(bits));
    if (Float.isFinite(Bfloat16.toFloat(bits))) {
      for (int neighbour : new int[] {bits - 1, bits + 1}) {
        float other = Bfloat16.toFloat((short) neighbour);
        if (Float.isFinite(other)) {
          assertThat(error).isLessThanOrEqualTo(Math.abs((double) value - other));
        }
      }
    }
  }

  private static short bits(long address, int index) {
    return Memory.ALL.get(Memory.SHORT, address + 2L * index);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 128, 130, 511})
  void vectorsAndSingleNumbersAreRoundedAlike(int count) {
    try (Arena arena = Arena.ofConfined()) {
      Matrix floats = Matrix.noise(arena, 2, count, 0, 1);
      long odd = floats.address + floats.stride;
      Matrix narrow = Matrix.zeros(arena, 1, (count + 1) / 2, 0);
      Bfloat16.narrow(floats.address, narrow.address, count);
      Matrix wide = Matrix.zeros(arena, 1, count, 0);
      Bfloat16.widen(narrow.address, wide.address, count);
      Matrix pairs = Matrix.zeros(arena, 1, count, 0);
      Bfloat16.pair(floats.address, odd, pairs.address, count);
      Matrix padded = Matrix.zeros(arena, 1, count, 0);
      Bfloat16.pairWithZero(floats.address, padded.address, count);
      double[][] rounded = new double[1][count];
      for (int i = 0; i < count; i++) {
        short expected = Bfloat16.of(floats.get(0, i));
        rounded[0][i] = Bfloat16.toFloat(expected);
        assertThat(bits(narrow.address, i)).isEqualTo(expected);
        assertThat(bits(pairs.address, 2 * i)).isEqualTo(expected);
        assertThat(bits(pairs.address, 2 * i + 1)).isEqualTo(Bfloat16.of(floats.get(1, i)));
        assertThat(bits(padded.address, 2 * i)).isEqualTo(expected);
        assertThat(bits(padded.address, 2 * i + 1)).isZero();
      }
      wide.assertCloseTo(rounded, 0);
    }
  }

  @Property(tries = 50)
  void rowPairsAreTheTransposeOfRows(
      @ForAll @IntRange(min = 1, max = 20) int pairs,
      @ForAll @IntRange(min = 1, max = 40) int columns) {
    try (Arena arena = Arena.ofConfined()) {
      Matrix floats = Matrix.noise(arena, 2 * pairs, columns, 0, 1);
      // The transposed matrix in bfloat16: rows of `pairs` lanes of 32 bits.
      long transposed = arena.allocate(4L * pairs * columns, 64).address();
      for (int j = 0; j < columns; j++) {
        for (int i = 0; i < 2 * pairs; i++) {
          long at = transposed + 2L * (2L * pairs * j + i);
          Memory.ALL.set(Memory.SHORT, at, Bfloat16.of(floats.get(i, j)));
        }
      }
      long lanes = arena.allocate(4L * pairs * columns, 64).address();
      Transpose.transpose(transposed, 4L * pairs, columns, pairs, lanes, 4L * columns);
      long paired = arena.allocate(4L * columns, 64).address();
      for (int i = 0; i < pairs; i++) {
        long even = floats.address + 2L * i * floats.stride;
        Bfloat16.pair(even, even + floats.stride, paired, columns);
        for (int j = 0; j < 2 * columns; j++) {
          assertThat(bits(lanes + 4L * i * columns, j)).isEqualTo(bits(paired, j));
        }
      }
    }
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    try (Arena arena = Arena.ofConfined()) {
      Matrix floats = Matrix.noise(arena, 2, 1003, 0, 1);
      Matrix target = Matrix.zeros(arena, 1, 1003, 0);
      WarmKernel.assertAllocatesLittle(
          () -> {
            Bfloat16.narrow(floats.address, target.address, 1003);
            Bfloat16.widen(target.address, floats.address, 1003);
            Bfloat16.pair(floats.address, floats.address + floats.stride, target.address, 1003);
          });
    }
  }
}
