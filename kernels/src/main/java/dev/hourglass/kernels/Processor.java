package dev.hourglass.kernels;

/** What the kernels found of the processor. */
public final class Processor {

  private Processor() {}

  /** Vector width, and who computes products in which number formats: for the log. */
  public static String describe() {
    return "%d-bit vectors, products by %s"
        .formatted(Lanes.FLOATS.vectorBitSize(), Gemm.description());
  }
}
