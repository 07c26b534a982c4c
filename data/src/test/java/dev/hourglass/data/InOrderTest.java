package dev.hourglass.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class InOrderTest {

  @Property(tries = 40)
  void resultsComeInTheOrderOfTheNumbersHoweverLongEachTakes(
      @ForAll @IntRange(min = 0, max = 60) int count,
      @ForAll @IntRange(min = 1, max = 5) int threads,
      @ForAll @IntRange(min = 1, max = 9) int slow) {
    List<Integer> taken = new ArrayList<>();
    InOrder.forEach(
        3,
        3 + count,
        threads,
        number -> {
          if (number % slow == 0) {
            LockSupport.parkNanos(100_000);
          }
          return 2 * number;
        },
        taken::add);
    assertThat(taken)
        .isEqualTo(IntStream.range(3, 3 + count).mapToObj(number -> 2 * number).toList());
  }

  @Test
  void fewResultsWaitHoweverSlowlyTheyAreTaken() {
    AtomicInteger computed = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    InOrder.forEach(
        0,
        1000,
        2,
        number -> computed.incrementAndGet(),
        result ->
            assertThat(computed.get() - taken.getAndIncrement()).isLessThanOrEqualTo(2 * 8 + 2));
    assertThat(taken).hasValue(1000);
  }

  @Test
  void whatOneThrowsEndsTheWhole() {
    AtomicInteger taken = new AtomicInteger();
    assertThatThrownBy(
            () ->
                InOrder.forEach(
                    0,
                    1_000_000,
                    2,
                    number -> {
                      if (number == 10) {
                        throw new IllegalArgumentException("ten");
                      }
                      return number;
                    },
                    number -> taken.incrementAndGet()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ten");
    assertThat(taken).hasValue(10);
  }
}
