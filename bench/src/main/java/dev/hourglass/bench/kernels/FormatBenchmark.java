package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.product.Bfloat16;
import dev.hourglass.kernels.product.Transpose;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Changes of number format and layout of 128 x 512 numbers, on one thread. */
public class FormatBenchmark extends KernelBenchmark {

  private static final int ROWS = 128;
  private static final int COLUMNS = 512;
  private static final int COUNT = ROWS * COLUMNS;
  private static final long ROW_BYTES = 4L * COLUMNS;

  private long floats;
  private long bfloats;
  private long target;

  @Setup
  public void allocate() {
    floats = buffers.floats(COUNT);
    bfloats = buffers.bfloats(COUNT);
    target = buffers.floats(COUNT);
  }

  @Benchmark
  public void narrow() {
    Bfloat16.narrow(floats, target, COUNT);
  }

  @Benchmark
  public void widen() {
    Bfloat16.widen(bfloats, target, COUNT);
  }

  @Benchmark
  public void pair() {
    for (int row = 0; row < ROWS; row += 2) {
      long even = floats + row * ROW_BYTES;
      Bfloat16.pair(even, even + ROW_BYTES, target + row * ROW_BYTES / 2, COLUMNS);
    }
  }

  @Benchmark
  public void transpose() {
    Transpose.transpose(floats, ROW_BYTES, ROWS, COLUMNS, target, 4L * ROWS);
  }
}
