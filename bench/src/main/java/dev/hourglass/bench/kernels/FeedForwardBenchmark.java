package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.block.Activation;
import dev.hourglass.kernels.block.BlockGradients;
import dev.hourglass.kernels.block.BlockParameters;
import dev.hourglass.kernels.block.Curve;
import dev.hourglass.kernels.block.FeedForwardKernel;
import dev.hourglass.kernels.block.TokenDropout;
import dev.hourglass.kernels.norm.NormScale;
import dev.hourglass.kernels.product.Weight;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The whole feed-forward block of two images, with weights in the form for products. */
public class FeedForwardBenchmark extends KernelBenchmark {

  private static final int IMAGES = 2;

  /** All tokens, and channels. */
  @Param({"8192x128", "1024x512"})
  public String size;

  @Param({"false", "true"})
  public boolean bfloat16;

  private FeedForwardKernel kernel;
  private long x;
  private BlockParameters parameters;
  private long y;
  private long kept;
  private long yGradient;
  private long work;
  private BlockGradients gradients;

  @Setup
  public void allocate() {
    String[] sides = size.split("x", 2);
    int tokens = Integer.parseInt(sides[0]);
    int width = Integer.parseInt(sides[1]);
    int hidden = 3 * width;
    Weight up = weight(2 * hidden, width);
    Weight down = weight(width, hidden);
    kernel =
        new FeedForwardKernel(
            IMAGES, tokens / IMAGES, new Activation(Curve.GELU, true), up, down, false);
    long floats = (long) tokens * width;
    x = buffers.floats(floats);
    parameters =
        BlockParameters.of(new NormScale(buffers.constant((long) IMAGES * width, 1), true));
    y = buffers.floats(floats);
    kept = buffers.bytes(kernel.keptBytes());
    yGradient = buffers.floats(floats);
    work = buffers.bytes(kernel.workBytes());
    gradients =
        BlockGradients.of(
            buffers.floats(floats),
            buffers.floats((long) IMAGES * width),
            buffers.floats(2L * hidden * width),
            buffers.floats((long) hidden * width));
    kernel.forward(x, parameters, TokenDropout.NONE, y, kept);
  }

  private Weight weight(int out, int in) {
    Weight weight = new Weight(out, in, bfloat16);
    weight.update(buffers.floats((long) out * in));
    return weight;
  }

  @Benchmark
  public void forward() {
    kernel.forward(x, parameters, TokenDropout.NONE, y, kept);
  }

  @Benchmark
  public void backward() {
    kernel.backward(x, parameters, TokenDropout.NONE, kept, yGradient, work, gradients);
  }
}
