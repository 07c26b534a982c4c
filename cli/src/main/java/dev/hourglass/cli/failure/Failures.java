package dev.hourglass.cli.failure;

import dev.hourglass.core.InputException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line for the user and an exit code. */
public final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

  /** The user can set it right. */
  static final int WRONG_INPUT = 2;

  /** EX_SOFTWARE of sysexits.h: only we can. */
  static final int INTERNAL_ERROR = 70;

  private final PrintWriter err;
  private final boolean debug;

  /**
   * Failures that are told to a user.
   *
   * @param debug whether to show the stack trace as well
   */
  public Failures(PrintWriter err, boolean debug) {
    this.err = err;
    this.debug = debug;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    // picocli's word for it is that it cannot convert the text to a Path.
    Optional<String> unnameable = UnnameableFile.sentence(e.getMessage());
    if (unnameable.isPresent()) {
      say(unnameable.get());
      trace(e);
      return WRONG_INPUT;
    }
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
    return report(e, command.getCommandName());
  }

  /**
   * Says what happened.
   *
   * @param command its name, on which depends what helps
   * @return the exit code
   */
  public int report(Throwable failure, String command) {
    // A class that cannot be initialised wraps what its initialiser threw.
    Optional<InputException> input =
        causes(failure)
            .filter(InputException.class::isInstance)
            .map(InputException.class::cast)
            .findFirst();
    if (input.isPresent()) {
      say(oneLine(input.get().getMessage()));
      trace(failure);
      return WRONG_INPUT;
    }
    Optional<InvalidPathException> path =
        causes(failure)
            .filter(InvalidPathException.class::isInstance)
            .map(InvalidPathException.class::cast)
            .findFirst();
    if (path.isPresent()) {
      say(UnnameableFile.sentence(path.get()));
      trace(failure);
      return WRONG_INPUT;
    }
    Optional<Shortage> shortage = causes(failure).flatMap(e -> Shortage.in(e).stream()).findFirst();
    if (shortage.isPresent()) {
      say(shortage.get().sentence(command));
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

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause);
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
