package dev.hourglass.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EpochOrderTest {

  @Property(tries = 100)
  void eachEpochVisitsEachImageOnce(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 200) int size,
      @ForAll @IntRange(min = 0, max = 1_000_000) int epoch) {
    EpochOrder order = new EpochOrder(seed, size);
    int[] visited =
        IntStream.range(0, size).map(i -> order.index((long) epoch * size + i)).sorted().toArray();
    assertThat(visited).isEqualTo(IntStream.range(0, size).toArray());
  }

  @Test
  void epochsAndSeedsDiffer() {
    EpochOrder order = new EpochOrder(1, 100);
    int[] first = IntStream.range(0, 100).map(order::index).toArray();
    int[] second = IntStream.range(100, 200).map(order::index).toArray();
    EpochOrder otherSeed = new EpochOrder(2, 100);
    int[] other = IntStream.range(0, 100).map(otherSeed::index).toArray();
    assertThat(first).isNotEqualTo(second).isNotEqualTo(other);
    assertThat(first).isNotEqualTo(Arrays.stream(first).sorted().toArray());
  }

  @Test
  void positionsMayBeAskedForInAnyOrderFromManyThreads() {
    EpochOrder order = new EpochOrder(9, 7);
    int[] inOrder = LongStream.range(0, 700).mapToInt(order::index).toArray();
    EpochOrder shared = new EpochOrder(9, 7);
    int[] parallel = IntStream.range(0, 700).parallel().map(i -> shared.index(699 - i)).toArray();
    for (int i = 0; i < 700; i++) {
      assertThat(parallel[i]).isEqualTo(inOrder[699 - i]);
    }
  }

  @Test
  void refusesEmptySetsAndNegativePositions() {
    assertThatThrownBy(() -> new EpochOrder(0, 0)).isInstanceOf(IllegalArgumentException.class);
    EpochOrder order = new EpochOrder(0, 3);
    assertThatThrownBy(() -> order.index(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
