package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.attention.AttentionKernel;
import dev.hourglass.kernels.attention.neighborhood.NeighborhoodKernel;
import org.openjdk.jmh.annotations.Param;

/** Neighborhood attention, 7 x 7, of 2 heads: the outer levels of flowers and of ffhq-1024. */
public class NeighborhoodBenchmark extends AttentionBenchmark {

  private static final int HEADS = 2;
  private static final int KERNEL = 7;

  /** Images and the side of their grid. */
  @Param({"2x64", "1x256"})
  public String size;

  private int images() {
    return Integer.parseInt(size.split("x", 2)[0]);
  }

  private int side() {
    return Integer.parseInt(size.split("x", 2)[1]);
  }

  @Override
  AttentionKernel kernel() {
    return new NeighborhoodKernel(images(), HEADS, side(), side(), D, KERNEL);
  }

  @Override
  int rows() {
    return images() * HEADS * side() * side();
  }
}
