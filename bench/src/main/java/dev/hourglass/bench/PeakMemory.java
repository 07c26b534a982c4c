package dev.hourglass.bench;

import dev.hourglass.core.machine.ProcessMemory;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The most memory that the process ever held since a reset: its resident set, with the Java heap
 * and the libraries. Only Linux tells.
 */
final class PeakMemory {

  private static final Path RESET = Path.of("/proc/self/clear_refs");

  /** proc(5): "Reset the peak resident set size to the process's current value". */
  private static final String RESET_PEAK = "5";

  private boolean known;

  /** Forgets the peak, after giving back what is free. */
  void reset() {
    System.gc();
    trim();
    try {
      Files.writeString(RESET, RESET_PEAK);
      known = true;
    } catch (IOException e) {
      known = false; // Another system, or the kernel does not allow it.
    }
  }

  /** glibc keeps freed memory, which would count for the next case. */
  private static void trim() {
    Linker linker = Linker.nativeLinker();
    linker
        .defaultLookup()
        .find("malloc_trim")
        .ifPresent(
            function -> {
              try {
                int ignored =
                    (int)
                        linker
                            .downcallHandle(
                                function,
                                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG))
                            .invokeExact(0L);
              } catch (Throwable t) {
                throw new IllegalStateException("malloc_trim", t);
              }
            });
  }

  /** Bytes, or empty where the system does not tell. */
  OptionalLong bytes() {
    if (!known) {
      return OptionalLong.empty();
    }
    return ProcessMemory.peakBytes();
  }
}
