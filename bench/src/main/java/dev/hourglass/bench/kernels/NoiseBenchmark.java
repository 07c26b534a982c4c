package dev.hourglass.bench.kernels;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.kernels.random.NormalNumbers;
import org.openjdk.jmh.annotations.Benchmark;

/** The normal numbers of one 64x64 image in colour: by the vector, and from the stream itself. */
public class NoiseBenchmark extends KernelBenchmark {

  private final float[] numbers = new float[3 * 64 * 64];
  private long seed;

  @Benchmark
  public float[] vector() {
    NormalNumbers.fill(RandomStream.of(seed++), numbers, 0, numbers.length);
    return numbers;
  }

  @Benchmark
  public float[] stream() {
    RandomStream.of(seed++).fillGaussian(numbers, 0, numbers.length);
    return numbers;
  }
}
