package dev.hourglass.kernels.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.kernels.norm.SumOfSquares;
import dev.hourglass.kernels.optimizer.AdamWKernel.Arrays;
import dev.hourglass.kernels.optimizer.AdamWKernel.Step;
import dev.hourglass.kernels.parallel.ElementChunks;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.Weight;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdamWKernelTest {

  private static final float GUARD = 12345;
  private static final int AVERAGES = 3;

  private final Arena arena = Arena.ofShared();

  @AfterEach
  void free() {
    arena.close();
    Workers.setThreads(Runtime.getRuntime().availableProcessors());
  }

  /** A weight array in memory, and in double for the equations written out. */
  private final class Weight {
    final int count;
    final double[] w;
    final double[] g;
    final double[] m;
    final double[] v;
    final List<double[]> averages;
    final Arrays arrays;

    Weight(int count, boolean withGradient, double rate, double decay) {
      this.count = count;
      RandomStream random = RandomStream.of(count);
      w = noise(random);
      g = noise(random);
      m = new double[count];
      v = new double[count];
      averages = IntStream.range(0, AVERAGES).mapToObj(i -> w.clone()).toList();
      arrays =
          new Arrays(
              inMemory(w),
              withGradient ? inMemory(g) : 0,
              inMemory(m),
              inMemory(v),
              averages.stream().map(this::inMemory).toList(),
              rate,
              decay);
    }

    private double[] noise(RandomStream random) {
      return IntStream.range(0, count).mapToDouble(i -> (float) random.nextGaussian()).toArray();
    }

    /** Guarded by a number before and after it, which no kernel may touch. */
    private long inMemory(double[] values) {
      long address = arena.allocate(4L * count + 8, 4).address() + 4;
      Memory.setFloat(address - 4, GUARD);
      Memory.setFloat(address + 4L * count, GUARD);
      for (int i = 0; i < count; i++) {
        Memory.setFloat(address + 4L * i, (float) values[i]);
      }
      return address;
    }

    void expect(Step step) {
      for (int i = 0; i < count; i++) {
        if (arrays.gradient() != 0) {
          double gradient = g[i] * step.gradientScale();
          m[i] = step.beta1() * m[i] + (1 - step.beta1()) * gradient;
          v[i] = step.beta2() * v[i] + (1 - step.beta2()) * gradient * gradient;
          double unbiasedMean = m[i] / (1 - Math.pow(step.beta1(), (double) step.number()));
          double unbiasedSquare = v[i] / (1 - Math.pow(step.beta2(), (double) step.number()));
          w[i] -= arrays.rate() * arrays.decay() * w[i];
          w[i] -= arrays.rate() * unbiasedMean / (Math.sqrt(unbiasedSquare) + step.eps());
        }
        for (int k = 0; k < AVERAGES; k++) {
          double decay = step.averageDecays().get(k);
          double[] average = averages.get(k);
          average[i] = decay * average[i] + (1 - decay) * w[i];
        }
      }
    }

    void check() {
      check("weight", arrays.weight(), w);
      check("mean", arrays.mean(), m);
      check("square", arrays.square(), v);
      for (int k = 0; k < AVERAGES; k++) {
        check("average " + k, arrays.averages().get(k), averages.get(k));
      }
      if (arrays.gradient() != 0) {
        check("gradient", arrays.gradient(), g);
      }
    }

    private void check(String name, long address, double[] expected) {
      float[] actual = floats(address, count);
      for (int i = 0; i < count; i++) {
        // Each step rounds a few times, relative to numbers of a few units at most.
        double tolerance = 2e-6 * Math.abs(expected[i]) + 3e-7;
        if (!(Math.abs(actual[i] - expected[i]) <= tolerance)) {
          assertThat(actual[i])
              .as("%s %d of %d", name, i, count)
              .isCloseTo((float) expected[i], within((float) tolerance));
        }
      }
      assertThat(Memory.getFloat(address - 4)).as("before " + name).isEqualTo(GUARD);
      assertThat(Memory.getFloat(address + 4L * count)).as("after " + name).isEqualTo(GUARD);
    }
  }

  private static float[] floats(long address, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Memory.getFloat(address + 4L * i);
    }
    return values;
  }

  private static void update(List<Weight> weights, Step step) {
    AdamWKernel.update(
        new ElementChunks(weights.stream().map(w -> (long) w.count).toList()),
        weights.stream().map(w -> w.arrays).toList(),
        step);
  }

  private static Step step(long number) {
    return new Step(number, 0.7, 0.9, 0.99, 1e-3, List.of(0.75, 0.999, 0.2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 47, 100, 16_383, 16_384, 40_001})
  void severalStepsOfAnyNumberOfElementsFollowTheEquations(int count) {
    Weight weight = new Weight(count, true, 1e-2, 0.1);
    for (int number = 1; number <= 5; number++) {
      Step step = step(number);
      update(List.of(weight), step);
      weight.expect(step);
    }
    weight.check();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0.9, 0.95, 0.999",
    "0.01, 0.9, 0.99, 0.2",
    "1, 0.3, 0.5, 0",
    "0, 0.9, 0.99, 1",
    "1, 0, 0, 0.5"
  })
  void theEquationsHoldForAnyFactors(double scale, double beta1, double beta2, double average) {
    Weight weight = new Weight(75, true, 1e-2, 0);
    for (int number = 1; number <= 4; number++) {
      List<Double> decays = List.of(average, 1 - average, average / 3);
      Step step = new Step(number, scale, beta1, beta2, 1e-8, decays);
      update(List.of(weight), step);
      weight.expect(step);
    }
    weight.check();
  }

  @Test
  void arraysHaveRatesAndDecaysOfTheirOwnAndTheAveragesMoveWithoutAGradient() {
    List<Weight> weights =
        List.of(
            new Weight(33, true, 1e-2, 0.5),
            new Weight(20_001, false, 1e-2, 0.5),
            new Weight(0, true, 1, 1),
            new Weight(17_000, true, 3e-3, 0),
            new Weight(1, false, 1, 1));
    Step step = step(3);
    for (Weight weight : weights) {
      // Away from the weights, so that there is a way to go.
      for (int k = 0; k < AVERAGES; k++) {
        double[] average = weight.averages.get(k);
        for (int i = 0; i < weight.count; i++) {
          average[i] = (float) (weight.w[i] + (i + k) % 5 - 2);
          Memory.setFloat(weight.arrays.averages().get(k) + 4L * i, (float) average[i]);
        }
      }
      weight.expect(step);
    }
    update(weights, step);
    weights.forEach(Weight::check);
  }

  @Test
  void anAverageThatKeepsNothingIsExactlyTheWeights() {
    Weight weight = new Weight(1003, true, 1e-2, 0.1);
    update(List.of(weight), new Step(1, 1, 0.9, 0.99, 1e-8, List.of(0.0, 0.0, 0.0)));
    for (long average : weight.arrays.averages()) {
      assertThat(floats(average, 1003))
          .isEqualTo(floats(weight.arrays.weight(), 1003))
          .isNotEqualTo(floats(new Weight(1003, true, 0, 0).arrays.weight(), 1003));
    }
  }

  @Test
  void anElementsResultDependsNeitherOnItsPlaceNorOnTheThreads() {
    Workers.setThreads(1);
    float[] alone = weightsAfterTwoSteps();
    for (int threads = 2; threads <= 5; threads++) {
      Workers.setThreads(threads);
      assertThat(weightsAfterTwoSteps()).isEqualTo(alone);
    }
    // The same numbers in every place of a vector, and in the rest that fills none.
    Weight uniform = new Weight(Lanes.COUNT + 1, true, 1e-2, 0.1);
    for (int i = 1; i <= Lanes.COUNT; i++) {
      for (long address : new long[] {uniform.arrays.weight(), uniform.arrays.gradient()}) {
        Memory.setFloat(address + 4L * i, Memory.getFloat(address));
      }
    }
    update(List.of(uniform), step(1));
    float[] results = floats(uniform.arrays.weight(), uniform.count);
    for (float result : results) {
      assertThat(result).isEqualTo(results[0]);
    }
  }

  private float[] weightsAfterTwoSteps() {
    Weight weight = new Weight(100_003, true, 1e-2, 0.1);
    update(List.of(weight), step(1));
    update(List.of(weight), step(2));
    return floats(weight.arrays.weight(), weight.count);
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    Workers.setThreads(1);
    Weight weight = new Weight(200_003, true, 1e-3, 0.1);
    Weight still = new Weight(200_003, false, 1e-3, 0.1);
    ElementChunks chunks = new ElementChunks(List.of(200_003L, 200_003L));
    List<Arrays> arrays = List.of(weight.arrays, still.arrays);
    for (int i = 1; i <= 300; i++) {
      AdamWKernel.update(chunks, arrays, step(i));
      assertThat(SumOfSquares.of(chunks, weight.arrays.gradient(), 0)).isPositive();
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 1; i <= 10; i++) {
      AdamWKernel.update(chunks, arrays, step(i));
      double ignored = SumOfSquares.of(chunks, weight.arrays.gradient(), 0);
    }
    // Boxed vectors would be 64 bytes for every 16 of these 4 million elements.
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(200_000);
  }

  @Test
  void anotherNumberOfArraysIsRefused() {
    assertThatThrownBy(() -> AdamWKernel.update(new ElementChunks(List.of(1L)), List.of(), step(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 arrays where 1");
  }

  @Test
  void anotherNumberOfAveragesThanOfDecaysIsRefused() {
    Weight weight = new Weight(5, true, 1e-2, 0.1);
    for (List<Double> decays : List.of(List.of(0.9, 0.9), List.<Double>of())) {
      Step step = new Step(1, 1, 0.9, 0.99, 1e-8, decays);
      assertThatThrownBy(() -> update(List.of(weight), step))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(decays.size() + " decays of averages");
    }
  }
}
