package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.norm.NormKernel;
import dev.hourglass.kernels.norm.NormScale;
import dev.hourglass.kernels.norm.TokenNorm.Gradients;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The conditioned norm of two images' tokens. */
public class NormBenchmark extends KernelBenchmark {

  private static final int IMAGES = 2;

  /** All tokens, and channels. */
  @Param({"8192x128", "2048x256", "512x512"})
  public String size;

  private NormKernel kernel;
  private long x;
  private NormScale scale;
  private long y;
  private long gradient;
  private long work;
  private Gradients scaleGradient;

  @Setup
  public void allocate() {
    String[] sides = size.split("x", 2);
    int tokens = Integer.parseInt(sides[0]);
    int width = Integer.parseInt(sides[1]);
    kernel = new NormKernel(IMAGES, tokens / IMAGES, width);
    x = buffers.floats((long) tokens * width);
    scale = new NormScale(buffers.floats((long) IMAGES * width), true);
    y = buffers.floats((long) tokens * width);
    gradient = buffers.floats((long) tokens * width);
    work = buffers.bytes(kernel.workBytes());
    scaleGradient = new Gradients(buffers.floats((long) IMAGES * width), 0);
  }

  @Benchmark
  public void forward() {
    kernel.forward(x, scale, y);
  }

  @Benchmark
  public void backward() {
    kernel.backward(x, scale, gradient, work, y, scaleGradient);
  }
}
