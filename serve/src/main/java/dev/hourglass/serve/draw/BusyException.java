package dev.hourglass.serve.draw;

/** There is no room for a request now. */
public final class BusyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int retryAfter;

  /**
   * @param retryAfter seconds after which there may be
   */
  BusyException(String sentence, int retryAfter) {
    super(sentence, null, false, false);
    this.retryAfter = retryAfter;
  }

  public int retryAfter() {
    return retryAfter;
  }
}
