package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.block.GegluKernel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** The gated activation of 8192 tokens of 384 hidden channels. */
public class GegluBenchmark extends KernelBenchmark {

  private static final int TOKENS = 8192;
  private static final int HIDDEN = 384;

  private final GegluKernel kernel = new GegluKernel(TOKENS, HIDDEN);
  private long x;
  private long y;
  private long xGradient;

  @Setup
  public void allocate() {
    x = buffers.floats(2L * TOKENS * HIDDEN);
    y = buffers.floats((long) TOKENS * HIDDEN);
    xGradient = buffers.floats(2L * TOKENS * HIDDEN);
  }

  @Benchmark
  public void forward() {
    kernel.forward(x, y);
  }

  @Benchmark
  public void backward() {
    kernel.backward(x, y, xGradient);
  }
}
