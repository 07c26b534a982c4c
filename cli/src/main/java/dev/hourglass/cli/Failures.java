package dev.hourglass.cli;

import dev.hourglass.InputException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line for the user and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

  /** The user can set it right. */
  static final int WRONG_INPUT = 2;

  /** EX_SOFTWARE of sysexits.h: only we can. */
  static final int INTERNAL_ERROR = 70;

  /** How libtorch's allocators put it; it throws nothing more telling than RuntimeException. */
  private static final List<String> OUT_OF_MEMORY =
      List.of("not enough memory: you tried to allocate", "can't allocate memory", "out of memory");

  private final PrintWriter err;
  private final boolean debug;

  Failures(PrintWriter err, boolean debug) {
    this.err = err;
    this.debug = debug;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    say(
        "%s%s; see %s --help."
            .formatted(
                oneLine(e.getMessage()).replaceAll("[.;]$", ""),
                suggestion(e),
                command.getCommandSpec().qualifiedName()));
    trace(e);
    return WRONG_INPUT;
  }

  private static String suggestion(ParameterException e) {
    return e instanceof UnmatchedArgumentException unmatched
        ? unmatched.getSuggestions().stream()
            .findFirst()
            .map("; did you mean %s?"::formatted)
            .orElse("")
        : "";
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
    return report(e);
  }

  /**
   * Says what happened.
   *
   * @return the exit code
   */
  int report(Throwable failure) {
    if (failure instanceof InputException) {
      say(oneLine(failure.getMessage()));
      trace(failure);
      return WRONG_INPUT;
    }
    if (Stream.iterate(failure, e -> e != null, Throwable::getCause).anyMatch(Failures::isMemory)) {
      say(
          "There is not enough memory for this; choose a smaller --batch-size, for training also"
              + " more --accumulate or --checkpointing.");
      trace(failure);
      return WRONG_INPUT;
    }
    say(
        "internal error: %s; please report it with the lines below."
            .formatted(oneLine(failure.toString())));
    failure.printStackTrace(err);
    err.flush();
    return INTERNAL_ERROR;
  }

  private static boolean isMemory(Throwable e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return e instanceof OutOfMemoryError || OUT_OF_MEMORY.stream().anyMatch(message::contains);
  }

  private void say(String sentence) {
    err.println("hourglass: " + sentence);
    err.flush();
  }

  private void trace(Throwable e) {
    if (debug) {
      e.printStackTrace(err);
      err.flush();
    }
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s+", " ");
  }
}
