package dev.hourglass.compute;

import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.tensor.Torch;

/** How many threads compute: one number for the whole process, as both providers' pools are. */
public final class Threads {

  private Threads() {}

  /** Gives the threads to those who compute; libtorch keeps one beside our own kernels. */
  public static void set(Kernels kernels, int threads) {
    if (kernels.resolved() == Kernels.VECTOR) {
      Workers.setThreads(threads);
      Torch.setThreads(1);
    } else {
      Torch.setThreads(threads);
    }
  }
}
