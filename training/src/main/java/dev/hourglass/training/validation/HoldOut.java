package dev.hourglass.training.validation;

import dev.hourglass.core.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where the images come from that a run is validated on. */
public sealed interface HoldOut {

  /** A share of the images to train on, above 0 and below 1. */
  record Share(double of) implements HoldOut {
    public Share {
      if (!(of > 0 && of < 1)) {
        throw new InputException(
            "The share of images to hold out must be above 0 and below 1 (0.1, or 10%%), not %s."
                .formatted(of));
      }
    }

    @Override
    public String toString() {
      return Double.toString(of);
    }
  }

  /** A set of its own, of the same type. */
  record Location(Path path) implements HoldOut {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** {@code 0.1} or {@code 10%} is a share, anything else a path. */
  static HoldOut of(String text) {
    if (Pattern.matches("[0-9.]+%", text)) {
      return new Share(number(text.substring(0, text.length() - 1), text) / 100);
    }
    return Pattern.matches("[0-9]*\\.?[0-9]+([eE]-?[0-9]+)?", text) && !Files.exists(Path.of(text))
        ? new Share(number(text, text))
        : new Location(Path.of(text));
  }

  /**
   * The share that a text gives.
   *
   * @param option that the text is of, for messages
   */
  static double share(String text, String option) {
    if (of(text) instanceof Share(double share)) {
      return share;
    }
    throw new InputException(
        "%s must be the share that train --validate held out, such as 0.1 or 10%%, not '%s'."
            .formatted(option, text));
  }

  private static double number(String digits, String text) {
    try {
      return Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      throw new InputException(
          "'%s' is neither a share such as 0.1 or 10%% nor a path.".formatted(text), e);
    }
  }
}
