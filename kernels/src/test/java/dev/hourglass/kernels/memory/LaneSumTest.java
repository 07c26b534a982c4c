package dev.hourglass.kernels.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.core.random.RandomStream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class LaneSumTest {

  /** Halves added to halves until one number is left. */
  private static float halving(float[] lanes) {
    float[] sums = lanes.clone();
    for (int half = sums.length / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[i] += sums[i + half];
      }
    }
    return sums[0];
  }

  @Test
  void lanesAreAddedInOneOrderBeforeAndAfterCompilation() {
    RandomStream random = RandomStream.of(1);
    float[] lanes = new float[Lanes.COUNT];
    for (int call = 0; call < 50_000; call++) {
      random.fillGaussian(lanes, 0, lanes.length);
      float sum = LaneSum.of(FloatVector.fromArray(Lanes.FLOATS, lanes, 0));
      assertThat(sum == halving(lanes)).isTrue();
    }
  }
}
