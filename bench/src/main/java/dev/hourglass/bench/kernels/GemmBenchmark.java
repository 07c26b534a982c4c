package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.product.Gemm;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Products on one thread, of the sizes that the kernels cut their work into. */
public class GemmBenchmark extends KernelBenchmark {

  /** Rows, columns and summed length of the product. */
  @Param({"64x64x128", "64x64x256", "64x64x512"})
  public String size;

  private int m;
  private int n;
  private int k;
  private long a;
  private long b;
  private long shortA;
  private long pairsB;
  private long c;

  @Setup
  public void allocate() {
    String[] sides = size.split("x", 3);
    m = Integer.parseInt(sides[0]);
    n = Integer.parseInt(sides[1]);
    k = Integer.parseInt(sides[2]);
    a = buffers.floats((long) m * k);
    b = buffers.floats((long) k * n);
    shortA = buffers.bfloats(m * k);
    pairsB = buffers.bfloats(k * n);
    c = buffers.floats((long) m * n);
  }

  @Benchmark
  public void floats() {
    Gemm.floats(false, m, n, k, a, k, b, n, c, n);
  }

  @Benchmark
  public void bfloats() {
    Gemm.bfloats(false, m, n, k, shortA, k, pairsB, n, c, n);
  }
}
