package dev.hourglass.study.plan;

import dev.hourglass.core.InputException;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * One of the things that a study compares.
 *
 * @param name also the name of its folder
 * @param overlay merged onto the base: keys of the config file, {@code batch_size}, {@code
 *     accumulate} and {@code lr}; empty for the base itself
 */
public record Variant(String name, ObjectNode overlay) {

  private static final int LONGEST_NAME = 100;
  private static final Pattern NAME = Pattern.compile("[\\w+=,#-][\\w+=,#.-]*");

  /**
   * Copies the overlay.
   *
   * @throws InputException if the name cannot be a folder's on every system
   */
  public Variant {
    if (!NAME.matcher(name).matches() || name.endsWith(".") || name.length() > LONGEST_NAME) {
      throw new InputException(
          "The variant name \"%s\" must be up to %d letters, digits and -_.+=,# and not begin or end with a dot; choose another."
              .formatted(name, LONGEST_NAME));
    }
    overlay = overlay.deepCopy();
  }

  @Override
  public ObjectNode overlay() {
    return overlay.deepCopy();
  }
}
