package dev.hourglass.bench;

import dev.hourglass.kernels.KernelActivity;
import java.util.List;
import java.util.Optional;

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

  private static final String LIBTORCH_PACKAGE = "org.bytedeco.";

  /**
   * What a stack says.
   *
   * @param stack class names, the innermost first
   */
  static Activity of(List<String> stack) {
    for (String name : stack) {
      Optional<Class<?>> kernel = KernelClasses.of(name);
      if (kernel.isPresent()) {
        return of(kernel.get());
      }
      if (name.startsWith(LIBTORCH_PACKAGE)) {
        return LIBTORCH;
      }
    }
    return OTHER;
  }

  /** What a class of the kernels declares, or else its package. */
  private static Activity of(Class<?> kernel) {
    KernelActivity own = kernel.getAnnotation(KernelActivity.class);
    KernelActivity declared =
        own == null ? kernel.getPackage().getAnnotation(KernelActivity.class) : own;
    return switch (declared.value()) {
      case PRODUCTS -> PRODUCTS;
      case ATTENTION -> ATTENTION;
      case ELEMENTWISE -> ELEMENTWISE;
      case MEMORY -> MEMORY;
      case WAITING -> WAITING;
    };
  }
}
