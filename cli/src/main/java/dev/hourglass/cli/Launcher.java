package dev.hourglass.cli;

import dev.hourglass.core.InputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The script that started this process, and the folder it lies in. */
final class Launcher {

  private static final String HOME_PROPERTY = "hourglass.home";

  private Launcher() {}

  /**
   * The folder with {@code configs} and {@code datasets}.
   *
   * @throws InputException if the process was not started by the launcher
   */
  static Path home() {
    return homeIfKnown()
        .orElseThrow(
            () ->
                new InputException(
                    "The folder of Hourglass is not known; start the command with the hourglass"
                        + " script that lies in it."));
  }

  static Optional<Path> homeIfKnown() {
    return Optional.ofNullable(System.getProperty(HOME_PROPERTY)).map(Path::of);
  }

  /** A line that runs Hourglass, to be pasted into a shell that is where we are. */
  static String command(Object... words) {
    return Arrays.stream(words)
        .map(Object::toString)
        .map(Launcher::quote)
        .collect(Collectors.joining(" ", quote(script()) + " ", ""));
  }

  private static String script() {
    Path here = Path.of("").toAbsolutePath();
    return homeIfKnown()
        .map(home -> home.equals(here) ? "./hourglass" : home.resolve("hourglass").toString())
        .orElse("hourglass");
  }

  private static String quote(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
