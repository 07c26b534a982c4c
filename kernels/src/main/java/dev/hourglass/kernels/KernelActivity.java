package dev.hourglass.kernels;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a thread is doing while it is in a class of the kernels: for profiles. A package declares it
 * for its classes, and a class that differs for itself.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PACKAGE, ElementType.TYPE})
public @interface KernelActivity {

  /** What it is. */
  Kind value();

  /** Kinds of work. */
  enum Kind {
    /** Matrix products. */
    PRODUCTS,
    /** Softmax attention, but for products. */
    ATTENTION,
    /** Norms, activations, rotations, sums, updates: all other arithmetic. */
    ELEMENTWISE,
    /** Copies, transposes, changes of number format. */
    MEMORY,
    /** Spinning, for work or for other threads to finish theirs. */
    WAITING
  }
}
