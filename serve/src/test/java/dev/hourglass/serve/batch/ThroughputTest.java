package dev.hourglass.serve.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ThroughputTest {

  @Test
  void whereMoreImagesGoNoFasterEachGoesAlone() {
    Throughput flat = new Throughput(new TreeMap<>(Map.of(1, 1.0, 2, 2.0, 4, 4.0)));

    assertThat(flat.bestSize()).isEqualTo(1);
  }

  @Test
  void thePassIsTheSmallestThatIsNearlyAsFastAsTheFastest() {
    Throughput curve =
        new Throughput(new TreeMap<>(Map.of(1, 1.0, 2, 1.2, 4, 2.1, 8, 4.0, 16, 7.9)));

    assertThat(curve.bestSize()).isEqualTo(4);
  }

  @Test
  void betweenMeasuredSizesItIsInProportion() {
    Throughput curve = new Throughput(new TreeMap<>(Map.of(1, 1.0, 2, 1.5, 4, 2.5)));

    assertThat(curve.secondsOf(3)).isCloseTo(2.0, within(1e-12));
    assertThat(curve.secondsOf(8)).isCloseTo(5.0, within(1e-12));
  }

  @Test
  void measuringEndsWhereMoreImagesGoNoFaster() {
    Throughput measured = Throughput.measure(images -> 0.01 * images, 1024, 1e9);

    assertThat(measured.seconds()).containsOnlyKeys(1, 2, 4, 8);
  }

  @Test
  void measuringASlowModelMakesFewPasses() {
    int[] passes = {0};
    Throughput.measure(
        images -> {
          passes[0]++;
          return 5.0 * images;
        },
        32,
        6);

    assertThat(passes[0]).isLessThan(5);
  }
}
