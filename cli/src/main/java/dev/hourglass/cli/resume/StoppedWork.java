package dev.hourglass.cli.resume;

import dev.hourglass.core.InputException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The first line of a file of unfinished work: JSON that says what its numbers depend on, so that
 * nobody goes on with those of other settings.
 */
public final class StoppedWork {

  private static final JsonMapper JSON = new JsonMapper();

  private StoppedWork() {}

  /** The line for some settings, without its end. */
  public static String line(Map<String, String> settings) {
    return JSON.writeValueAsString(settings);
  }

  /**
   * Compares the line of a file with what is wanted.
   *
   * @param command whose file it should be
   * @throws InputException if the file is of other settings, which are named, or no such file
   */
  public static void requireSame(Path file, String command, String found, String wanted) {
    if (found.equals(wanted)) {
      return;
    }
    Map<String, Object> before = settings(file, command, found);
    Map<String, Object> now = settings(file, command, wanted);
    String difference =
        now.entrySet().stream()
            .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
            .map(
                entry ->
                    "%s %s instead of %s"
                        .formatted(entry.getKey(), before.get(entry.getKey()), entry.getValue()))
            .findFirst()
            .orElse("other settings");
    throw new InputException(
        "%s is what a stopped run left behind, but it was measured with %s; delete it, or choose another --out."
            .formatted(file, difference));
  }

  private static Map<String, Object> settings(Path file, String command, String json) {
    try {
      return JSON.readValue(json, new TypeReference<>() {});
    } catch (JacksonException e) {
      throw new InputException(
          "%s is not what a stopped run of %s left behind; delete it, or choose another --out."
              .formatted(file, command),
          e);
    }
  }
}
