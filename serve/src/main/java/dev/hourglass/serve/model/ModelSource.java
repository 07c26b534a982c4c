package dev.hourglass.serve.model;

import dev.hourglass.core.InputException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A model to serve.
 *
 * @param id what clients call it
 */
public record ModelSource(String id, Path file) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  public ModelSource {
    if (!ID.matcher(id).matches()) {
      throw new InputException(
          "\"%s\" cannot be the name of a model; use up to 64 letters, digits, dots, dashes and underscores."
              .formatted(id));
    }
  }

  /** Reads {@code NAME=FILE}, or {@code FILE}, which is then called by its own name. */
  public static ModelSource parse(String text) {
    int equals = text.indexOf('=');
    if (equals > 0) {
      return new ModelSource(text.substring(0, equals), Path.of(text.substring(equals + 1)));
    }
    Path file = Path.of(text);
    Path name = file.getFileName();
    String stem = name == null ? "" : name.toString().replaceFirst("\\.[^.]+$", "");
    return new ModelSource(stem, file);
  }

  /**
   * Checks that all have names of their own.
   *
   * @throws InputException if two have the same
   */
  public static void requireDistinct(List<ModelSource> sources) {
    Set<String> seen = new HashSet<>();
    for (ModelSource source : sources) {
      if (!seen.add(source.id())) {
        throw new InputException(
            "Two models are called %s; give each a name of its own, NAME=FILE."
                .formatted(source.id()));
      }
    }
  }
}
