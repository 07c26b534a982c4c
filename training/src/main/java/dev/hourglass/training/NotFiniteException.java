package dev.hourglass.training;

/** A step that cannot be taken: its loss or gradient is not finite. The weights are as before. */
public final class NotFiniteException extends RuntimeException {

  /**
   * @param what the loss or the gradient
   */
  NotFiniteException(String what, double value) {
    super("the %s is %s".formatted(what, value));
  }

  static void require(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new NotFiniteException(what, value);
    }
  }
}
