package dev.hourglass.bench.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  private static List<Double> hundredShuffled() {
    List<Double> seconds =
        IntStream.rangeClosed(0, 100).mapToObj(i -> i / 100.0).collect(Collectors.toList());
    Collections.reverse(seconds);
    return seconds;
  }

  @Test
  void percentilesAreOfTheSortedTimes() {
    Latencies latencies = Latencies.of(hundredShuffled());
    assertThat(latencies.count()).isEqualTo(101);
    assertThat(latencies.p50()).isCloseTo(0.5, within(0.01));
    assertThat(latencies.p95()).isCloseTo(0.95, within(0.01));
    assertThat(latencies.p99()).isCloseTo(0.99, within(0.01));
    assertThat(latencies.slowest()).isEqualTo(1);
  }

  @Test
  void withoutRequestsThereAreNoPercentiles() {
    assertThat(Latencies.of(List.of()).p95()).isNaN();
  }

  @Test
  void theTableHasOneRowForEachNumberOfClients() {
    LoadResult one = new LoadResult(1, 30, 60, Latencies.of(hundredShuffled()), 0, List.of());
    LoadResult four = new LoadResult(4, 120, 60, Latencies.of(hundredShuffled()), 2, List.of());
    assertThat(LoadReport.table(List.of(one, four)).lines())
        .containsExactly(
            "| clients | images/s | p50 s | p95 s | p99 s | requests | errors |",
            "|---:|---:|---:|---:|---:|---:|---:|",
            "| 1 | 0.50 | 0.500 | 0.950 | 0.990 | 101 | 0 |",
            "| 4 | 2.00 | 0.500 | 0.950 | 0.990 | 101 | 2 |");
  }

  @Test
  void growthIsFromTheSecondQuarterToTheLast() {
    Timeline bytes = new Timeline();
    for (int second = 0; second < 100; second++) {
      bytes.add(second, second < 25 ? 5 : second < 75 ? 100 : 110); // the first quarter warms up
    }
    assertThat(bytes.growth(100)).isCloseTo(0.1, within(1e-12));
    assertThat(bytes.perHour(100)).isCloseTo(10 / (50.0 / 3600), within(1e-9));
    assertThat(new Timeline().growth(100)).isNaN();
  }

  @Test
  void memoryIsFoundUnderAnyOfItsUsualNames() {
    for (String name :
        List.of("process_resident_memory_bytes", "hourglass_process_rss_bytes{pid=\"1\"}")) {
      assertThat(ServerMetrics.residentBytes("# TYPE x gauge\na_b 7\n" + name + " 2.5E8\n"))
          .hasValue(2.5e8);
    }
    assertThat(ServerMetrics.residentBytes("jvm_memory_used_bytes 7\n")).isEmpty();
    assertThat(ServerMetrics.value("hourglass_queue_images 3.0\n", "hourglass_queue_images"))
        .hasValue(3);
  }
}
