package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.attention.AttentionKernel.Gradients;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.parallel.Workers;
import java.lang.foreign.Arena;

/** Measures what a kernel allocates once it is compiled: vectors on the heap would be megabytes. */
public final class DenseAllocation {

  private static final long FEW_BYTES = 40_000;

  private DenseAllocation() {}

  /** Calls a kernel on one thread until a forward and backward pass together allocate little. */
  public static void assertFew(AttentionKernel kernel, int count) {
    Workers.setThreads(1);
    try (Arena arena = Arena.ofConfined()) {
      long[] places = new long[8];
      for (int i = 0; i < places.length; i++) {
        places[i] = arena.allocate(4L * count, 64).address();
      }
      long kept = arena.allocate(kernel.keptBytes(), 64).address();
      WarmKernel.assertAllocatesLittle(
          FEW_BYTES,
          () -> {
            kernel.forward(places[0], places[1], places[2], places[3], kept);
            kernel.backward(
                places[0],
                places[1],
                places[2],
                places[3],
                kept,
                places[4],
                new Gradients(places[5], places[6], places[7]));
          });
    }
  }
}
