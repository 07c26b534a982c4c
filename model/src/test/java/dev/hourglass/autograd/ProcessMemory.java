package dev.hourglass.autograd;

import org.bytedeco.javacpp.Pointer;

/** What this process holds in memory, after a garbage collection. */
final class ProcessMemory {

  private ProcessMemory() {}

  static long residentBytes() {
    System.gc();
    return Pointer.physicalBytes();
  }
}
