package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.attention.AttentionKernel;
import dev.hourglass.kernels.attention.dense.GlobalKernel;
import org.openjdk.jmh.annotations.Param;

/** Global attention: 16 images of 16 x 16 tokens and 4 heads, the outer level of CIFAR-10. */
public class GlobalBenchmark extends AttentionBenchmark {

  private static final int IMAGES = 16;
  private static final int HEADS = 4;
  private static final int TOKENS = 256;

  @Param({"false", "true"})
  public boolean bfloat16;

  @Override
  AttentionKernel kernel() {
    return new GlobalKernel(IMAGES, HEADS, TOKENS, D, bfloat16);
  }

  @Override
  int rows() {
    return IMAGES * HEADS * TOKENS;
  }
}
