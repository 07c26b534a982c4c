package dev.hourglass.core.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RandomStreamTest {

  @Test
  void philoxAgreesWithTheKnownAnswersOfItsAuthors() {
    int[] block = new int[4];
    RandomStream.philox(0, 0, 0, 0, 0, block);
    assertThat(block).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    RandomStream.philox(-1, -1, -1, -1, -1, block);
    assertThat(block).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
  }

  @Test
  void sameNameGivesTheSameNumbersAndOtherNamesOthers() {
    assertThat(RandomStream.of(1, 2, 3).nextLong()).isEqualTo(RandomStream.of(1, 2, 3).nextLong());
    long[] others = {
      RandomStream.of(1, 3, 2).nextLong(),
      RandomStream.of(1, 2, 4).nextLong(),
      RandomStream.of(2, 2, 3).nextLong(),
      RandomStream.of(1, 2).nextLong(),
      RandomStream.of(1, 2, 3, 0).nextLong(),
      RandomStream.of(1, 2, 3).nextLong()
    };
    assertThat(Arrays.stream(others).distinct().count()).isEqualTo(6);
  }

  @Test
  void purposesNeverCollideAndNeverChange() {
    assertThat(Arrays.stream(Purpose.values()).map(Purpose::coordinate)).doesNotHaveDuplicates();
    // What seeds of earlier versions drew: the purpose's number is the first coordinate.
    assertThat(RandomStream.of(4, Purpose.TRAINING_NOISE, 9).nextLong())
        .isEqualTo(RandomStream.of(4, 0x6e6f6973L, 9).nextLong());
    assertThat(RandomStream.of(4, Purpose.BROWNIAN, 1, 2, 3).nextLong())
        .isEqualTo(RandomStream.of(4, 0x6e6f697365000004L, 1, 2, 3).nextLong());
  }

  @Test
  void blocksCanBeMadeFromTheKeyAndTheUpperHalfOfTheCounter() {
    RandomStream stream = RandomStream.of(-5, 17, 3);
    int[] numbers = IntStream.range(0, 12).map(i -> stream.nextInt()).toArray();
    int[] block = new int[4];
    for (int i = 0; i < 3; i++) {
      RandomStream.philox(
          i,
          (int) stream.high(),
          (int) (stream.high() >>> 32),
          (int) stream.key(),
          (int) (stream.key() >>> 32),
          block);
      assertThat(block).isEqualTo(Arrays.copyOfRange(numbers, 4 * i, 4 * i + 4));
    }
  }

  @Test
  void startsFromAnyBlock() {
    RandomStream stream = RandomStream.of(-5, 17, 3);
    int[] numbers = IntStream.range(0, 12).map(i -> stream.nextInt()).toArray();
    RandomStream later = stream.fromBlock(2);
    assertThat(IntStream.range(0, 4).map(i -> later.nextInt()).toArray())
        .isEqualTo(Arrays.copyOfRange(numbers, 8, 12));
  }

  @Test
  void gaussiansHaveTheMomentsOfTheNormalDistribution() {
    float[] x = new float[400_001];
    RandomStream.of(7).fillGaussian(x, 0, x.length);
    double mean = IntStream.range(0, x.length).mapToDouble(i -> x[i]).average().orElseThrow();
    double variance =
        IntStream.range(0, x.length).mapToDouble(i -> x[i] * x[i]).average().orElseThrow();
    double fourth =
        IntStream.range(0, x.length).mapToDouble(i -> Math.pow(x[i], 4)).average().orElseThrow();
    assertThat(mean).isCloseTo(0, within(0.01));
    assertThat(variance).isCloseTo(1, within(0.02));
    assertThat(fourth).isCloseTo(3, within(0.1));
  }

  @Property
  void everyPermutationHoldsEachIndexOnce(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 300) int n) {
    int[] order = RandomStream.of(seed).permutation(n);
    Arrays.sort(order);
    assertThat(order).isEqualTo(IntStream.range(0, n).toArray());
  }

  @Property
  void boundedNumbersStayInBounds(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 1 << 30) int bound) {
    assertThat(RandomStream.of(seed).nextInt(bound)).isBetween(0, bound - 1);
  }
}
