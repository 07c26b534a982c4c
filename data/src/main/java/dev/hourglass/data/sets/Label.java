package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A class as written beside an image: its number, or its name.
 *
 * @param number -1 for a name
 * @param name null for a number
 * @param where a name stands, for messages; null for a number
 */
record Label(int number, String name, String where) {

  private static final JsonMapper JSON = new JsonMapper();

  /** Keys of a JSON object that hold the class, first the surest. */
  private static final List<String> KEYS = List.of("label", "class", "cls");

  private static final int MOST_DIGITS = 9;

  /** A whole number, as Python may write it. */
  private static final Pattern NUMBER = Pattern.compile("\\+?0*(\\d+)(\\.0*)?");

  /** From the content of {@code .cls}. */
  static Label ofText(byte[] content, String where) {
    return of(TextFile.decode(content).strip(), where);
  }

  /**
   * From the content of {@code .json}: a number or a name, or an object that has one under {@code
   * label}, {@code class} or {@code cls}.
   *
   * @return nothing if the JSON says no class, or is none
   */
  static Optional<Label> ofJson(byte[] content, String where) {
    JsonNode json;
    try {
      json = JSON.readTree(TextFile.decode(content));
    } catch (JacksonException e) {
      return Optional.empty();
    }
    Stream<JsonNode> places =
        json.isObject() ? KEYS.stream().filter(json::has).map(json::get) : Stream.of(json);
    return places
        .filter(value -> value.isNumber() || value.isString())
        .findFirst()
        .map(value -> of(value.asString().strip(), where));
  }

  private static Label of(String text, String where) {
    Matcher number = NUMBER.matcher(text);
    if (text.isEmpty()) {
      throw new InputException(
          "%s is empty and should hold the number of a class; write 0, 1, 2 and so on."
              .formatted(where));
    }
    if (!number.matches()) {
      return new Label(ClassLabels.NONE, text, where);
    }
    if (number.group(1).length() > MOST_DIGITS) {
      throw new InputException(
          "%s holds %s, which is no number of a class: they count from 0; correct it."
              .formatted(where, text));
    }
    // No second object for each of a million images.
    return new Label(Integer.parseInt(number.group(1)), null, null);
  }

  /**
   * The number of the class.
   *
   * @param names of the classes, for labels that are names; may be empty
   * @throws InputException if it is a name that is not among them
   */
  int in(List<String> names) {
    if (name == null) {
      return number;
    }
    int named = names.indexOf(name);
    if (named < 0) {
      throw new InputException(
          "%s should hold the number of a class, but holds \"%s\"; write 0, 1, 2 and so on, or the names of all classes into %s, one a line."
              .formatted(where, printable(name), ClassLabels.FILE_NAME));
    }
    return named;
  }

  private static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .limit(40)
        .forEach(
            c ->
                printable.append(
                    Character.isISOControl(c) ? "\\x%02x".formatted(c) : Character.toString(c)));
    return printable.toString();
  }
}
