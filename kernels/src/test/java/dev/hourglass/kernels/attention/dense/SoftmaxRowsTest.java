package dev.hourglass.kernels.attention.dense;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class SoftmaxRowsTest {

  private static final int COUNT = 1 << 14;

  @Test
  void exponentialsAreAccurateToSingleRoundings() {
    try (Arena arena = Arena.ofConfined()) {
      long row = arena.allocate(4L * COUNT, 64).address();
      long lanes = arena.allocate(64, 64).address();
      for (float span : new float[] {0.01f, 1, 87}) {
        double expectedSum = 0;
        for (int i = 0; i < COUNT; i++) {
          Memory.setFloat(row + 4L * i, 3 - span * i / COUNT);
        }
        Exponentials.belowMaximum(row, COUNT, 3, lanes, 0);
        for (int i = 0; i < COUNT; i++) {
          double exact = Math.exp((double) (3 - span * i / COUNT) - 3);
          expectedSum += exact;
          assertThat(Memory.getFloat(row + 4L * i) / exact - 1).isBetween(-2e-7, 2e-7);
        }
        assertThat(SoftmaxRows.sum(lanes) / expectedSum - 1).isBetween(-1e-5, 1e-5);
      }
    }
  }

  @Test
  void hiddenAndVanishingScoresBecomeZero() {
    try (Arena arena = Arena.ofConfined()) {
      long row = arena.allocate(64, 64).address();
      long lanes = arena.allocate(64, 64).address();
      for (int i = 0; i < Lanes.COUNT; i++) {
        Memory.setFloat(row + 4L * i, i == 0 ? 50 : i == 1 ? -60 : SoftmaxRows.HIDDEN);
      }
      Exponentials.belowMaximum(row, Lanes.COUNT, 50, lanes, 0);
      assertThat(Memory.getFloat(row)).isEqualTo(1);
      for (int i = 1; i < Lanes.COUNT; i++) {
        assertThat(Memory.getFloat(row + 4L * i)).isEqualTo(0);
      }
    }
  }
}
