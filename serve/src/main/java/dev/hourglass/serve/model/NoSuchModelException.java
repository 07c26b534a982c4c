package dev.hourglass.serve.model;

/** A name that no model has. */
public final class NoSuchModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NoSuchModelException(String sentence) {
    super(sentence);
  }
}
