package dev.hourglass.kernels.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;

/** Measures what a kernel allocates once it is compiled: vectors on the heap would be megabytes. */
public final class WarmKernel {

  private static final long FEW_BYTES = 1000;

  /** Compilation happens in the background, and a busy machine may take its time. */
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private WarmKernel() {}

  /** Calls a kernel until one call allocates next to nothing, or for too long. */
  public static void assertAllocatesLittle(Runnable kernel) {
    assertAllocatesLittle(FEW_BYTES, kernel);
  }

  /** Calls a kernel until one call allocates at most a number of bytes, or for too long. */
  public static void assertAllocatesLittle(long bytes, Runnable kernel) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Instant end = Instant.now().plus(PATIENCE);
    long fewest = Long.MAX_VALUE;
    int calls = 0;
    while (fewest > bytes && Instant.now().isBefore(end)) {
      long before = threads.getCurrentThreadAllocatedBytes();
      kernel.run();
      fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
      calls++;
    }
    assertThat(fewest).as("bytes of the most frugal of %d calls", calls).isLessThanOrEqualTo(bytes);
  }
}
