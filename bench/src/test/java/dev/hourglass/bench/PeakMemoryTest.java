package dev.hourglass.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PeakMemoryTest {

  private static final long BYTES = 256L << 20;

  @Test
  void whatWasHeldInBetweenIsSeenAndAResetForgetsIt() {
    PeakMemory memory = new PeakMemory();
    memory.reset();
    OptionalLong before = memory.bytes();
    assumeTrue(before.isPresent(), "this system does not tell");
    try (Arena arena = Arena.ofConfined()) {
      arena.allocate(BYTES).fill((byte) 1);
    }
    long during = memory.bytes().orElseThrow();
    assertThat(during).isGreaterThan(before.getAsLong() + BYTES * 9 / 10);
    memory.reset();
    assertThat(memory.bytes().orElseThrow()).isLessThan(during - BYTES / 2);
  }
}
