package dev.hourglass.kernels.product;

import static dev.hourglass.kernels.memory.Memory.ALL;

import dev.hourglass.kernels.KernelActivity;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;

/** The general path of products in bfloat16: operands widened exactly, product in float32. */
@KernelActivity(KernelActivity.Kind.PRODUCTS)
final class Bfloat16Gemm {

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private Bfloat16Gemm() {}

  static void multiply(
      boolean add, int m, int n, int k, long a, int lda, long b, int ldb, long c, int ldc) {
    Scratch scratch = SCRATCH.get();
    scratch.reset();
    long wideA = scratch.floats((long) m * k);
    long wideB = scratch.floats((long) k * n);
    for (int i = 0; i < m; i++) {
      Bfloat16.widen(a + 2L * i * lda, wideA + 4L * i * k, k);
    }
    for (int pair = 0; pair < k / 2; pair++) {
      widenPairs(b + 4L * pair * ldb, wideB + 8L * pair * n, n);
    }
    Gemm.floats(add, m, n, k, wideA, k, wideB, n, c, ldc);
  }

  /** One row of pairs to two rows. */
  private static void widenPairs(long pairs, long target, int n) {
    for (int j = 0; j < n; j++) {
      int bits = ALL.get(Memory.INT, pairs + 4L * j);
      ALL.set(Memory.INT, target + 4L * j, bits << 16);
      ALL.set(Memory.INT, target + 4L * (n + j), bits & 0xFFFF0000);
    }
  }
}
