package dev.hourglass.bench;

import java.util.List;

/** What a thread is doing, by the innermost class of a kernel or of libtorch on its stack. */
public enum Activity {
  /** Matrix products. */
  PRODUCTS,
  /** Softmax attention, but for products. */
  ATTENTION,
  /** Norms, activations, rotations, sums, updates: all other kernels. */
  ELEMENTWISE,
  /** Copies, transposes, changes of number format. */
  MEMORY,
  /** Spinning, for work or for other threads to finish theirs. */
  WAITING,
  /** An operation of libtorch on the calling thread. */
  LIBTORCH,
  /** Java code outside of kernels. */
  OTHER;

  private static final String KERNELS = "dev.hourglass.kernels.";
  private static final String LIBTORCH_PACKAGE = "org.bytedeco.";

  /**
   * What a stack says.
   *
   * @param stack class names, the innermost first
   */
  static Activity of(List<String> stack) {
    for (String name : stack) {
      if (name.startsWith(KERNELS)) {
        return ofKernel(name.substring(KERNELS.length()).replaceFirst("\\$.*", ""));
      }
      if (name.startsWith(LIBTORCH_PACKAGE)) {
        return LIBTORCH;
      }
    }
    return OTHER;
  }

  private static Activity ofKernel(String name) {
    return switch (name) {
      case "Gemm", "Bfloat16Gemm" -> PRODUCTS;
      case "Workers" -> WAITING;
      case "Bfloat16", "Transpose", "Memory", "DenseRows", "Operand", "Weight", "WindowGrid" ->
          MEMORY;
      default ->
          name.matches("(Neighborhood|Global|Window|Dense|Softmax).*") ? ATTENTION : ELEMENTWISE;
    };
  }
}
