package dev.hourglass.kernels.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.kernels.memory.Matrix;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutMaskTest {

  /** The definition, element by element, of elements 0 to {@code count - 1}. */
  private static boolean[] byDefinition(RandomStream stream, int threshold, int count) {
    boolean[] kept = new boolean[count];
    int number = 0;
    for (int e = 0; e < count; e++) {
      if (e % 2 == 0) {
        number = stream.nextInt();
      }
      int half = (e % 2 == 0 ? number : number >>> 16) & 0xFFFF;
      kept[e] = half >= threshold;
    }
    return kept;
  }

  private static BitSet bits(DropoutMask mask, long first, int count) {
    try (Arena arena = Arena.ofConfined()) {
      int words = (count + 63) / 64;
      MemorySegment target = arena.allocate(8L * words + 8, 8);
      target.set(ValueLayout.JAVA_LONG, 8L * words, 77);
      mask.bits(first, count, target.address());
      assertThat(target.get(ValueLayout.JAVA_LONG, 8L * words)).isEqualTo(77);
      BitSet bits = BitSet.valueOf(target.toArray(ValueLayout.JAVA_LONG));
      bits.clear(count, 64 * words + 64);
      return bits;
    }
  }

  @Property(tries = 300)
  void bitsAreThoseOfTheDefinitionFromAnyElementOn(
      @ForAll long seed,
      @ForAll @IntRange(max = 65535) int threshold,
      @ForAll @IntRange(max = 3000) int first,
      @ForAll @IntRange(min = 1, max = 2000) int count) {
    RandomStream stream = RandomStream.of(seed, 5);
    DropoutMask mask = new DropoutMask(stream.key(), stream.high(), threshold);
    boolean[] kept = byDefinition(stream, threshold, first + count);
    BitSet expected = new BitSet();
    for (int i = 0; i < count; i++) {
      expected.set(i, kept[first + i]);
    }
    assertThat(bits(mask, first, count)).isEqualTo(expected);
  }

  @Test
  void elementsFarApartHaveTheirOwnBits() {
    DropoutMask mask = DropoutMask.of(RandomStream.of(1), 0.5);
    // Blocks of 8 elements whose number passes 32 bits.
    long far = (1L << 35) - 64;
    assertThat(bits(mask, far, 128).get(64, 128)).isEqualTo(bits(mask, far + 64, 64));
    assertThat(bits(mask, far + 64, 64)).isNotEqualTo(bits(mask, 0, 64));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 0.25, 0.5, 0.9, 0.999})
  void aShareOfTheElementsIsDroppedAndTheMeanStays(double rate) {
    int count = 1 << 20;
    DropoutMask mask = DropoutMask.of(RandomStream.of(3, 1), rate);
    int kept = bits(mask, 0, count).cardinality();
    double deviation = Math.sqrt(count * rate * (1 - rate));
    assertThat((double) kept).isCloseTo(count * (1 - rate), within(4 * deviation));
    double keptShare = 1 - mask.threshold() / 65536.0;
    assertThat(mask.keptFactor() * keptShare).isCloseTo(1, within(1e-7));
    assertThat(mask.threshold() / 65536.0).isCloseTo(rate, within(0x1p-17));
  }

  @Test
  void rateZeroKeepsAllAndOtherStreamsDropOthers() {
    DropoutMask none = DropoutMask.of(RandomStream.of(1), 0);
    assertThat(bits(none, 7, 999).cardinality()).isEqualTo(999);
    assertThat(none.keptFactor()).isEqualTo(1);
    DropoutMask one = DropoutMask.of(RandomStream.of(1, 2), 0.5);
    DropoutMask other = DropoutMask.of(RandomStream.of(1, 3), 0.5);
    BitSet differences = bits(one, 0, 10_000);
    differences.xor(bits(other, 0, 10_000));
    assertThat((double) differences.cardinality()).isCloseTo(5000, within(200.0));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN})
  void otherRatesAreRefused(double rate) {
    assertThatThrownBy(() -> DropoutMask.of(RandomStream.of(1), rate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dropout rate");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1", "1, 2", "3, 1", "2, 7", "5, 8", "7, 9", "3, 15", "4, 16", "9, 17", "5, 31", "6, 33",
    "3, 48", "11, 50", "2, 63", "3, 64", "5, 65", "4, 96", "13, 100", "2, 127", "3, 128", "5, 384",
    "64, 1", "65, 3"
  })
  void rowsLoseTheDroppedElementsAndScaleTheOthers(int tokens, int width) {
    RandomStream stream = RandomStream.of(tokens, width);
    DropoutMask mask = DropoutMask.of(stream, 0.3);
    boolean[] kept = byDefinition(stream, mask.threshold(), tokens * width);
    try (Arena arena = Arena.ofConfined()) {
      Matrix x = Matrix.noise(arena, tokens, width, 3, 1);
      double[][] expected = x.toDoubles();
      long bits = arena.allocate((tokens * (long) width + 63) / 64 * 8, 8).address();
      mask.bits(0, tokens * width, bits);
      mask.apply(x.address, x.stride, bits, tokens, width);

      for (int e = 0; e < tokens * width; e++) {
        float factor = kept[e] ? mask.keptFactor() : 0;
        expected[e / width][e % width] = (float) expected[e / width][e % width] * factor;
      }
      x.assertCloseTo(expected, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 63, 64, 65, 1000})
  void factorsAreTheMaskAsNumbers(int count) {
    RandomStream stream = RandomStream.of(8);
    DropoutMask mask = DropoutMask.of(stream, 0.4);
    boolean[] kept = byDefinition(stream, mask.threshold(), count);
    float[] factors = new float[count + 5];
    mask.factors(factors, 3, count);
    float[] expected = new float[count + 5];
    for (int i = 0; i < count; i++) {
      expected[3 + i] = kept[i] ? mask.keptFactor() : 0;
    }
    assertThat(factors).isEqualTo(expected);
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    DropoutMask mask = DropoutMask.of(RandomStream.of(1), 0.1);
    try (Arena arena = Arena.ofConfined()) {
      Matrix x = Matrix.noise(arena, 64, 100, 0, 1);
      long bits = arena.allocate(6400 / 8, 8).address();
      WarmKernel.assertAllocatesLittle(
          () -> {
            mask.bits(0, 6400, bits);
            mask.bits(3, 6400, bits);
            mask.apply(x.address, x.stride, bits, 64, 100);
          });
    }
  }
}
