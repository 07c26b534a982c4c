package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.block.Activation;
import dev.hourglass.kernels.block.ActivationKernel;
import dev.hourglass.kernels.block.Curve;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** An activation of 8192 tokens of 384 hidden channels, gated or not. */
public class ActivationBenchmark extends KernelBenchmark {

  private static final int TOKENS = 8192;
  private static final int HIDDEN = 384;

  @Param({"GELU", "SILU", "RELU", "SQUARED_RELU", "ELU"})
  public Curve curve;

  @Param({"true", "false"})
  public boolean gated;

  private ActivationKernel kernel;
  private long x;
  private long y;
  private long xGradient;

  @Setup
  public void allocate() {
    kernel = new ActivationKernel(new Activation(curve, gated), TOKENS, HIDDEN);
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
