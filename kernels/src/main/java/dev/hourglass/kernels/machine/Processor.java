package dev.hourglass.kernels.machine;

import dev.hourglass.kernels.memory.Lanes;

/** What the kernels found of the processor. */
public final class Processor {

  private Processor() {}

  /** The width of its vectors, for the log. */
  public static String describe() {
    return "%d-bit vectors".formatted(Lanes.FLOATS.vectorBitSize());
  }
}
