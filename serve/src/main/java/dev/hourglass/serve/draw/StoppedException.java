package dev.hourglass.serve.draw;

/** A request was given up: its client left, its time was over, or the server stops. */
public final class StoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoppedException(String sentence) {
    super(sentence, null, false, false); // Nobody asks where.
  }
}
