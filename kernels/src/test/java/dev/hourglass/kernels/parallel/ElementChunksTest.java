package dev.hourglass.kernels.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ElementChunksTest {

  @Property(tries = 200)
  void chunksFollowEachOtherAndCoverEveryArrayOnce(
      @ForAll @Size(max = 12) List<@LongRange(min = 0, max = 50_000) Long> counts) {
    ElementChunks chunks = new ElementChunks(counts);
    int chunk = 0;
    for (int array = 0; array < counts.size(); array++) {
      long covered = 0;
      while (covered < counts.get(array)) {
        assertThat(chunks.array(chunk)).isEqualTo(array);
        assertThat(chunks.start(chunk)).isEqualTo(covered);
        assertThat(chunks.length(chunk)).isBetween(1, ElementChunks.SIZE);
        covered += chunks.length(chunk);
        chunk++;
      }
      assertThat(covered).isEqualTo(counts.get(array));
    }
    assertThat(chunks.count()).isEqualTo(chunk);
  }

  @Test
  void anArrayMayBeLargerThanAnIntCounts() {
    ElementChunks chunks = new ElementChunks(List.of(3L, 5_000_000_001L));
    int last = chunks.count() - 1;
    assertThat(chunks.start(last) + chunks.length(last)).isEqualTo(5_000_000_001L);
  }

  @Test
  void aNegativeCountIsRefused() {
    assertThatThrownBy(() -> new ElementChunks(List.of(-1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }
}
