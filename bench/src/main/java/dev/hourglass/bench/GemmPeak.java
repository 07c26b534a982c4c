package dev.hourglass.bench;

import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.Bfloat16;
import dev.hourglass.kernels.product.Gemm;
import dev.hourglass.ops.Precision;
import dev.hourglass.tensor.Torch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The fastest matrix products that this machine was seen to compute: what a case is compared with.
 * Measured again between cases, since a machine's clock and its other work change.
 *
 * <p>Two ways are tried: our kernels' products, on all threads at once over blocks that stay in the
 * second-level cache; and one large product of libtorch, {@value #ROWS} x {@value #DEPTH} by
 * {@value #DEPTH} x {@value #COLUMNS}, as a layer of the model has it.
 */
public final class GemmPeak {

  private static final int ROWS = 4096;
  private static final int DEPTH = 512;
  private static final int COLUMNS = 1536;

  /** Side lengths of a block: 400 KB in float32. */
  private static final int BLOCK_ROWS = 64;

  private static final int BLOCK_DEPTH = 256;
  private static final int BLOCK_COLUMNS = 256;

  private static final int PRODUCTS_PER_ITEM = 20;
  private static final int ITEMS_PER_THREAD = 8;

  private final boolean bfloat16;
  private final int threads;
  private double kernelGflops;
  private double libtorchGflops;

  public GemmPeak(Precision precision, int threads) {
    this.bfloat16 = precision.resolved() == Precision.BF16;
    this.threads = threads;
  }

  /** GFLOP/s of our kernels' products, the best so far. */
  public double kernelGflops() {
    return kernelGflops;
  }

  /** GFLOP/s of libtorch's product, the best so far. */
  public double libtorchGflops() {
    return libtorchGflops;
  }

  /** GFLOP/s of the better one. */
  public double gflops() {
    return Math.max(kernelGflops, libtorchGflops);
  }

  /** Measures for about so many seconds. */
  public void measure(double seconds) {
    measureKernels(seconds / 2);
    measureLibtorch(seconds / 2);
  }

  private void measureKernels(double seconds) {
    Workers.setThreads(threads);
    int items = threads * ITEMS_PER_THREAD;
    double operations = 2.0 * BLOCK_ROWS * BLOCK_COLUMNS * BLOCK_DEPTH * PRODUCTS_PER_ITEM * items;
    try (Arena arena = Arena.ofShared()) {
      Block block = Block.in(arena);
      kernelGflops =
          Math.max(
              kernelGflops,
              operations
                  / best(
                      seconds,
                      () ->
                          Workers.shared()
                              .run(
                                  items,
                                  (item, scratch) ->
                                      block.multiply(
                                          bfloat16,
                                          scratch.floats((long) BLOCK_ROWS * BLOCK_COLUMNS))))
                  / 1e9);
    }
  }

  private void measureLibtorch(double seconds) {
    Torch.setThreads(threads);
    ScalarType type = bfloat16 ? ScalarType.BFloat16 : ScalarType.Float;
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor a = Noise.normal(ROWS, DEPTH).to(type);
      Tensor b = Noise.normal(DEPTH, COLUMNS).to(type);
      double time =
          best(
              seconds,
              () -> {
                try (PointerScope inner = new PointerScope()) {
                  Tensor product = a.matmul(b);
                  product.close();
                }
              });
      libtorchGflops = Math.max(libtorchGflops, 2.0 * ROWS * DEPTH * COLUMNS / time / 1e9);
    }
  }

  /** Seconds of the fastest run. */
  private static double best(double seconds, Runnable work) {
    double best = Double.POSITIVE_INFINITY;
    long start = System.nanoTime();
    do {
      long runStart = System.nanoTime();
      work.run();
      best = Math.min(best, (System.nanoTime() - runStart) / 1e9);
    } while ((System.nanoTime() - start) / 1e9 < seconds);
    return best;
  }

  /** The operands, which all threads read: in float32, and the same numbers in bfloat16. */
  private record Block(long a, long b, long shortA, long pairsB) {

    static Block in(Arena arena) {
      MemorySegment a = floats(arena, BLOCK_ROWS * BLOCK_DEPTH);
      MemorySegment b = floats(arena, BLOCK_DEPTH * BLOCK_COLUMNS);
      MemorySegment shortA = arena.allocate(a.byteSize() / 2, 64);
      MemorySegment pairsB = arena.allocate(b.byteSize() / 2, 64);
      Bfloat16.narrow(a.address(), shortA.address(), BLOCK_ROWS * BLOCK_DEPTH);
      // One long row of pairs: any bfloat16 numbers do.
      Bfloat16.narrow(b.address(), pairsB.address(), BLOCK_DEPTH * BLOCK_COLUMNS);
      return new Block(a.address(), b.address(), shortA.address(), pairsB.address());
    }

    private static MemorySegment floats(Arena arena, int count) {
      MemorySegment segment = arena.allocate((long) count * Float.BYTES, 64);
      for (int i = 0; i < count; i++) {
        segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i % 13 - 6) / 8f);
      }
      return segment;
    }

    void multiply(boolean bfloat16, long c) {
      int m = BLOCK_ROWS;
      int n = BLOCK_COLUMNS;
      int k = BLOCK_DEPTH;
      for (int i = 0; i < PRODUCTS_PER_ITEM; i++) {
        if (bfloat16) {
          Gemm.bfloats(false, m, n, k, shortA, k, pairsB, n, c, n);
        } else {
          Gemm.floats(false, m, n, k, a, k, b, n, c, n);
        }
      }
    }
  }
}
