package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.optimizer.AdamWKernel;
import dev.hourglass.kernels.optimizer.AdamWKernel.Arrays;
import dev.hourglass.kernels.optimizer.AdamWKernel.Step;
import dev.hourglass.kernels.parallel.ElementChunks;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** One update of four million weights: more than caches hold, as in training. */
public class AdamWBenchmark extends KernelBenchmark {

  private static final long COUNT = 1 << 22;
  private static final Step STEP = new Step(1000, 1, 0.9, 0.95, 1e-8, 0.999);

  private final ElementChunks chunks = new ElementChunks(List.of(COUNT));
  private List<Arrays> arrays;

  @Setup
  public void allocate() {
    arrays =
        List.of(
            new Arrays(
                buffers.floats(COUNT),
                buffers.floats(COUNT),
                buffers.constant(COUNT, 0),
                buffers.constant(COUNT, 1),
                buffers.floats(COUNT),
                5e-4,
                0.01));
  }

  @Benchmark
  public void update() {
    AdamWKernel.update(chunks, arrays, STEP);
  }
}
