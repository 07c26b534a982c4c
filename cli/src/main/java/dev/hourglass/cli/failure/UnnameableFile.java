package dev.hourglass.cli.failure;

import java.nio.file.InvalidPathException;
import java.util.Optional;

/**
 * File names that Java cannot pass to the system: it takes their encoding from the locale. The
 * launcher sees to that; whoever starts Java otherwise must.
 */
final class UnnameableFile {

  private static final String ENCODING = "sun.jnu.encoding";

  /** How the JDK puts it. */
  private static final String UNMAPPABLE = "unmappable characters";

  private UnnameableFile() {}

  /** What to tell the user. */
  static String sentence(InvalidPathException failure) {
    return sentence(failure.getMessage())
        .orElseGet(
            () ->
                "%s is no file name: %s; choose another."
                    .formatted(printable(failure.getInput()), failure.getReason()));
  }

  /** What to tell the user, if a message speaks of such a name. */
  static Optional<String> sentence(String message) {
    return message.contains(UNMAPPABLE)
        ? Optional.of(
            ("A file name has letters that the locale's encoding, %s, lacks; start Java with"
                    + " LC_ALL=C.UTF-8 in the environment, as the hourglass script does.")
                .formatted(System.getProperty(ENCODING)))
        : Optional.empty();
  }

  /** A name that is not allowed may have any character. */
  private static String printable(String name) {
    return "\"" + name.replaceAll("\\p{Cntrl}", "?") + "\"";
  }
}
