package dev.hourglass.core;

/**
 * Something the user gave us is wrong: a file, a config, an option. The message is one sentence
 * that says what is wrong, where, and what to do; the command line prints it without a stack trace
 * and exits with code 2.
 */
public final class InputException extends RuntimeException {

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
