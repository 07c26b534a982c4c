package dev.hourglass.serve.model;

/** A model that cannot draw now. */
public final class NotReadyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public NotReadyException(String sentence) {
    super(sentence);
  }
}
