package dev.hourglass.ops.vector;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.ops.Dropout;
import dev.hourglass.ops.Ops.AttentionWeights;
import dev.hourglass.ops.Ops.FeedForwardWeights;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Blocks of random shapes on a random number of threads agree with the reference while the garbage
 * collector runs all the time: nothing that a kernel still uses is taken away.
 */
final class RandomShapesTest {

  private static final int CASES = 40;
  private static final long SEED = 0x736861706573L;
  private static final int MOST_THREADS = 4;

  private static Thread pressure;

  static IntStream cases() {
    return IntStream.range(0, CASES);
  }

  @BeforeAll
  static void startCollecting() {
    pressure = Thread.ofPlatform().daemon().start(RandomShapesTest::collectGarbage);
  }

  @AfterAll
  static void stopCollecting() throws InterruptedException {
    pressure.interrupt();
    pressure.join();
    System.out.println("agreement of random shapes: " + Agreement.worst());
    Workers.setThreads(Runtime.getRuntime().availableProcessors());
  }

  private static void collectGarbage() {
    byte[][] garbage = new byte[64][];
    try {
      while (true) {
        for (int i = 0; i < garbage.length; i++) {
          garbage[i] = new byte[1 << 14];
        }
        System.gc();
        Thread.sleep(5);
      }
    } catch (InterruptedException e) {
      // The tests are done.
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agree(int number) {
    RandomStream random = RandomStream.of(SEED, number);
    Workers.setThreads(between(random, 1, MOST_THREADS));
    int n = between(random, 1, 4);
    int h = between(random, 1, 20);
    int w = between(random, 1, 20);
    int heads = between(random, 1, 3);
    int d = 8 * between(random, 1, 8);
    switch (number % 4) {
      case 0 -> attention(n, h, w, heads, d, new AttentionPattern.Global());
      case 1 -> attention(n, h, w, heads, d, neighborhood(random, Math.min(h, w)));
      case 2 -> {
        int size = between(random, 1, 8);
        int shift = between(random, 0, size - 1);
        int rows = size * between(random, 1, 3);
        int columns = size * between(random, 1, 3);
        attention(n, rows, columns, heads, d, new AttentionPattern.ShiftedWindow(size, shift));
      }
      default -> feedForward(n, h, w, between(random, 1, 200));
    }
  }

  private static AttentionPattern neighborhood(RandomStream random, int side) {
    return new AttentionPattern.Neighborhood(2 * between(random, 0, (side - 1) / 2) + 1);
  }

  /** A whole number from {@code least} to {@code most}. */
  private static int between(RandomStream random, int least, int most) {
    return least + Integer.remainderUnsigned(random.nextInt(), most - least + 1);
  }

  private static void attention(int n, int h, int w, int heads, int d, AttentionPattern pattern) {
    long width = (long) heads * d;
    new Agreement(SEED)
        .normal(0, 1, n, h, w, width)
        .normal(1, 0.3, n, 1, 1, width)
        .headScale(heads)
        .weight(3 * width, width)
        .weight(width, width)
        .require(
            (ops, in) ->
                ops.attentionBlock(
                    in[0],
                    in[1],
                    new AttentionWeights(in[3], in[2], in[4]),
                    Agreement.rotary(in[0], h, w, heads, d),
                    pattern,
                    Dropout.NONE));
  }

  private static void feedForward(int n, int h, int w, long width) {
    new Agreement(SEED)
        .normal(0, 1, n, h, w, width)
        .normal(1, 0.3, n, 1, 1, width)
        .weight(6 * width, width)
        .weight(width, 3 * width)
        .require(
            (ops, in) ->
                ops.feedForwardBlock(
                    in[0], in[1], new FeedForwardWeights(in[2], in[3]), Dropout.NONE));
  }
}
