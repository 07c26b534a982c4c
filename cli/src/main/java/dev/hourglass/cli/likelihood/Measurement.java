package dev.hourglass.cli.likelihood;

import dev.hourglass.diffusion.ode.ImageDensity;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of the CSV file.
 *
 * @param index of the image in its set
 * @param name of the image
 * @param classNumber under which it was measured
 */
public record Measurement(int index, String name, OptionalInt classNumber, ImageDensity density) {

  static final String HEADER =
      "index,name,class,nats,bits_per_dim,bits_per_dim_8bit,evaluations,dimensions";

  private static final Pattern LINE =
      Pattern.compile("(\\d+),(.*),(\\d*),([^,]+),[^,]+,[^,]+,(\\d+),(\\d+)");

  /** As one line. */
  String line() {
    return "%d,%s,%s,%s,%s,%s,%d,%d"
        .formatted(
            index,
            quoted(name),
            classNumber.isPresent() ? Integer.toString(classNumber.getAsInt()) : "",
            density.nats(),
            rounded(density.bitsPerDim()),
            rounded(density.bitsPerDim8Bit()),
            density.evaluations(),
            density.dimensions());
  }

  private static String rounded(double bits) {
    return String.format(Locale.ROOT, "%.6f", bits);
  }

  /** RFC 4180, but for line breaks: a line is an image. */
  private static String quoted(String text) {
    String oneLine = text.replaceAll("[\\r\\n]", " ");
    return oneLine.contains(",") || oneLine.contains("\"")
        ? '"' + oneLine.replace("\"", "\"\"") + '"'
        : oneLine;
  }

  private static String unquoted(String text) {
    return text.startsWith("\"") && text.length() > 1
        ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
        : text;
  }

  /** A line read back; empty if it is none, as the last one of a killed run may be. */
  static Optional<Measurement> parse(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      String classNumber = parts.group(3);
      return Optional.of(
          new Measurement(
              Integer.parseInt(parts.group(1)),
              unquoted(parts.group(2)),
              classNumber.isEmpty()
                  ? OptionalInt.empty()
                  : OptionalInt.of(Integer.parseInt(classNumber)),
              new ImageDensity(
                  Double.parseDouble(parts.group(4)),
                  Integer.parseInt(parts.group(6)),
                  Integer.parseInt(parts.group(5)))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
