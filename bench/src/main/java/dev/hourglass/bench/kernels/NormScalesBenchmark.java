package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.norm.NormScalesKernel;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The scales of all norms of the flowers model. */
public class NormScalesBenchmark extends KernelBenchmark {

  private static final int IN = 256;

  /** Two for each of its 12 layers: 4 layers of each width. */
  private static final int[] WIDTHS = new int[24];

  static {
    Arrays.fill(WIDTHS, 0, 8, 128);
    Arrays.fill(WIDTHS, 8, 16, 256);
    Arrays.fill(WIDTHS, 16, 24, 512);
  }

  @Param({"2", "16"})
  public int images;

  private NormScalesKernel kernel;
  private long cond;
  private long[] weights;
  private long[] scales;
  private long work;
  private long condGradient;
  private long[] weightGradients;

  @Setup
  public void allocate() {
    kernel = new NormScalesKernel(images, IN, WIDTHS);
    cond = buffers.floats((long) images * IN);
    weights = Arrays.stream(WIDTHS).mapToLong(width -> buffers.floats((long) width * IN)).toArray();
    scales =
        Arrays.stream(WIDTHS).mapToLong(width -> buffers.floats((long) width * images)).toArray();
    work = buffers.bytes(kernel.workBytes());
    condGradient = buffers.floats((long) images * IN);
    weightGradients =
        Arrays.stream(WIDTHS).mapToLong(width -> buffers.floats((long) width * IN)).toArray();
  }

  @Benchmark
  public void forward() {
    kernel.forward(cond, weights, scales);
  }

  @Benchmark
  public void backward() {
    kernel.backward(cond, weights, scales, work, condGradient, weightGradients);
  }
}
