package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.optimizer.AdamWKernel;
import dev.hourglass.kernels.optimizer.AdamWKernel.Arrays;
import dev.hourglass.kernels.optimizer.AdamWKernel.Step;
import dev.hourglass.kernels.parallel.ElementChunks;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * One update of four million weights, and of one or more averages of them: more than caches hold,
 * as in training.
 */
public class AdamWBenchmark extends KernelBenchmark {

  private static final long COUNT = 1 << 22;

  @Param({"1", "2", "3"})
  public int averages;

  private final ElementChunks chunks = new ElementChunks(List.of(COUNT));
  private List<Arrays> arrays;
  private Step step;

  @Setup
  public void allocate() {
    step = new Step(1000, 1, 0.9, 0.95, 1e-8, Collections.nCopies(averages, 0.999));
    arrays =
        List.of(
            new Arrays(
                buffers.floats(COUNT),
                buffers.floats(COUNT),
                buffers.constant(COUNT, 0),
                buffers.constant(COUNT, 1),
                Stream.generate(() -> buffers.floats(COUNT)).limit(averages).toList(),
                5e-4,
                0.01));
  }

  @Benchmark
  public void update() {
    AdamWKernel.update(chunks, arrays, step);
  }
}
