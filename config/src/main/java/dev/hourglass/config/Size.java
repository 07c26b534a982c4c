package dev.hourglass.config;

import dev.hourglass.core.InputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A height and a width, of an image in pixels, of a patch in pixels or of a grid in tokens.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record Size(int height, int width) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(?:x(\\d{1,9}))?");

  /**
   * @throws InputException if a side is not positive
   */
  public Size {
    if (height < 1 || width < 1) {
      throw new InputException(
          "A size of %dx%d has no area; give a positive height and width."
              .formatted(height, width));
    }
  }

  /** A square. */
  public static Size square(int side) {
    return new Size(side, side);
  }

  /**
   * Reads {@code 256} (a square) or {@code 24x32} (height, then width).
   *
   * @throws InputException if the text has neither form
   */
  public static Size parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new InputException(
          "\"%s\" is not a size; write one side, such as 256, or height x width, such as 24x32."
              .formatted(text));
    }
    int height = Integer.parseInt(matcher.group(1));
    return new Size(height, matcher.group(2) == null ? height : Integer.parseInt(matcher.group(2)));
  }

  /** Height times width: pixels of an image, tokens of a grid. */
  public long area() {
    return (long) height * width;
  }

  /** The longer side. */
  public int longerSide() {
    return Math.max(height, width);
  }

  /** The shorter side. */
  public int shorterSide() {
    return Math.min(height, width);
  }

  @Override
  public String toString() {
    return height + "x" + width;
  }
}
