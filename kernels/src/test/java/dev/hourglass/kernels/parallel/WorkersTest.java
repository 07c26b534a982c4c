package dev.hourglass.kernels.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class WorkersTest {

  @AfterEach
  void useAllProcessors() {
    Workers.setThreads(Runtime.getRuntime().availableProcessors());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyItemRunsOnceWhateverTheNumberOfThreads(int threads) {
    Workers.setThreads(threads);
    assertThat(Workers.shared().count()).isEqualTo(threads);
    for (int count : new int[] {0, 1, 2, 3, 17, 1000}) {
      for (int call = 0; call < 50; call++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(count);
        Workers.shared().run(count, (item, scratch) -> runs.incrementAndGet(item));
        for (int i = 0; i < count; i++) {
          assertThat(runs.get(i)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void whatItemsWroteIsSeenByTheCallerAndTheNextCall() {
    Workers.setThreads(3);
    int[] values = new int[500];
    for (int call = 0; call < 200; call++) {
      Workers.shared().run(values.length, (item, scratch) -> values[item]++);
      Workers.shared()
          .run(values.length, (item, scratch) -> values[item] += values[499 - item] > 0 ? 0 : 9);
    }
    assertThat(values).containsOnly(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anItemsExceptionReachesTheCallerAndTheNextCallWorks(int threads) {
    Workers.setThreads(threads);
    for (int call = 0; call < 100; call++) {
      RuntimeException thrown = new IllegalArgumentException("item 5");
      assertThatThrownBy(
              () -> Workers.shared().run(20, (item, scratch) -> throwAt(5, item, thrown)))
          .isSameAs(thrown);
      AtomicInteger runs = new AtomicInteger();
      Workers.shared().run(20, (item, scratch) -> runs.incrementAndGet());
      assertThat(runs).hasValue(20);
    }
  }

  private static void throwAt(int place, int item, RuntimeException thrown) {
    if (item == place) {
      throw thrown;
    }
  }

  @Test
  void anErrorReachesTheCallerToo() {
    Workers.setThreads(2);
    AssertionError thrown = new AssertionError("all items");
    assertThatThrownBy(
            () ->
                Workers.shared()
                    .run(
                        9,
                        (item, scratch) -> {
                          throw thrown;
                        }))
        .isSameAs(thrown);
  }

  @Test
  void kernelsDoNotNest() {
    Workers.setThreads(1);
    Workers workers = Workers.shared();
    assertThatThrownBy(
            () -> workers.run(2, (item, scratch) -> workers.run(2, (inner, other) -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nest");
  }

  @Test
  void itemsThatRunAtOnceHaveScratchOfTheirOwn() {
    Workers.setThreads(4);
    for (int call = 0; call < 50; call++) {
      Workers.shared()
          .run(
              64,
              (item, scratch) -> {
                long size = 1000L * (1 + item % 7);
                long[] blocks = {scratch.bytes(size), scratch.floats(size), scratch.bytes(size)};
                for (long block : blocks) {
                  Memory.ALL.asSlice(block, size).fill((byte) item);
                }
                Thread.onSpinWait();
                for (long block : blocks) {
                  assertThat(block % 64).isZero();
                  byte last = Memory.ALL.get(ValueLayout.JAVA_BYTE, block + size - 1);
                  assertThat(last).isEqualTo((byte) item);
                }
              });
    }
  }

  @Test
  void scratchIsKeptFromItemToItem() {
    Workers.setThreads(1);
    Set<Scratch> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    long[] addresses = new long[200];
    Workers.shared()
        .run(
            200,
            (item, scratch) -> {
              seen.add(scratch);
              addresses[item] = scratch.bytes(4096);
            });
    assertThat(seen).hasSize(1);
    assertThat(addresses).containsOnly(addresses[0]);
  }

  @Test
  void aCallFromAnotherThreadWaitsItsTurn() throws InterruptedException {
    Workers.setThreads(2);
    AtomicInteger sum = new AtomicInteger();
    Thread[] callers = new Thread[4];
    for (int i = 0; i < callers.length; i++) {
      callers[i] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int call = 0; call < 100; call++) {
                      Workers.shared().run(10, (item, scratch) -> sum.incrementAndGet());
                    }
                  });
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(sum).hasValue(4 * 100 * 10);
  }

  @Test
  void changingTheNumberOfThreadsEndsTheOldOnes() throws InterruptedException {
    for (int threads : new int[] {5, 2, 7, 3, 1}) {
      Workers.setThreads(threads);
      Workers.shared().run(100, (item, scratch) -> scratch.bytes(10));
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (workerThreads() > 0 && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    assertThat(workerThreads()).isZero();
  }

  private static long workerThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("hourglass-\\d+"))
        .count();
  }

  @Test
  void workersThatFellAsleepWakeUp() throws InterruptedException {
    Workers.setThreads(2);
    for (int call = 0; call < 5; call++) {
      Thread.sleep(20);
      AtomicInteger runs = new AtomicInteger();
      Workers.shared().run(10, (item, scratch) -> runs.incrementAndGet());
      assertThat(runs).hasValue(10);
    }
  }

  @Test
  void fewerThanOneThreadIsRefused() {
    assertThatThrownBy(() -> Workers.setThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1");
  }
}
