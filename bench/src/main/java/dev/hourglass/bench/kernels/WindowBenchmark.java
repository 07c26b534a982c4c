package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.attention.AttentionKernel;
import dev.hourglass.kernels.attention.dense.WindowKernel;
import org.openjdk.jmh.annotations.Param;

/** Shifted windows of 8 x 8: two images of 64 x 64 tokens and 2 heads, flowers' outer level. */
public class WindowBenchmark extends AttentionBenchmark {

  private static final int IMAGES = 2;
  private static final int HEADS = 2;
  private static final int SIDE = 64;
  private static final int WINDOW = 8;

  @Param({"false", "true"})
  public boolean bfloat16;

  @Override
  AttentionKernel kernel() {
    return new WindowKernel(IMAGES, HEADS, SIDE, SIDE, D, WINDOW, WINDOW / 2, bfloat16);
  }

  @Override
  int rows() {
    return IMAGES * HEADS * SIDE * SIDE;
  }
}
