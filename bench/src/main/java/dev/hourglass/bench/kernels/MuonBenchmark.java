package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.optimizer.MuonKernel;
import dev.hourglass.kernels.optimizer.MuonKernel.Matrix;
import dev.hourglass.kernels.optimizer.MuonKernel.Step;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * One update of the four matrices of a layer of {@code configs/cifar10.json}'s inner level; {@code
 * AdamWBenchmark} updates about as many weights.
 */
public class MuonBenchmark extends KernelBenchmark {

  private static final Step STEP = new Step(5e-4, 0.01, 1, 0.95, 5, List.of(0.999));

  private List<Matrix> matrices;

  @Setup
  public void allocate() {
    matrices = List.of(matrix(1536, 512), matrix(512, 512), matrix(3072, 512), matrix(512, 1536));
  }

  private Matrix matrix(int rows, int columns) {
    long count = (long) rows * columns;
    return new Matrix(
        rows,
        columns,
        buffers.floats(count),
        buffers.floats(count),
        buffers.constant(count, 0),
        List.of(buffers.floats(count)));
  }

  @Benchmark
  public void update() {
    MuonKernel.update(matrices, STEP);
  }
}
