package dev.hourglass.sampling;

import dev.hourglass.core.InputException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds classes by what people write: a number, or a name. A name counts as it stands; if no class
 * has it, so does the only one that differs in upper and lower case alone.
 */
final class ClassChoice {

  private static final int LISTED = 50;

  private final Path model;
  private final int count;
  private final List<String> names;

  /**
   * @param count of classes, 0 for a model without
   * @param names by number; may be fewer than the classes
   */
  ClassChoice(Path model, int count, List<String> names) {
    this.model = model;
    this.count = count;
    this.names = names.stream().map(ClassChoice::composed).toList();
  }

  /**
   * The classes in a list with commas between them; names that hold a comma or a quote stand in
   * double quotes, a quote in them is doubled. A text that is the name of one class means that.
   *
   * @throws InputException if one is unknown, or a quote is left open
   */
  List<Integer> numbers(String text) {
    requireClasses(text);
    OptionalInt whole = named(text.strip());
    if (whole.isPresent()) {
      return List.of(whole.getAsInt());
    }
    return parts(text).stream().map(this::number).toList();
  }

  /** One class, by number or name. */
  int number(String text) {
    requireClasses(text);
    OptionalInt named = named(text);
    if (named.isPresent()) {
      return named.getAsInt();
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number < count) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Not a number: the message below lists what there is.
    }
    throw new InputException(
        "There is no class '%s' in %s; choose a number from 0 to %d%s."
            .formatted(
                text, model, count - 1, names.isEmpty() ? "" : " or a name: " + list(names)));
  }

  private OptionalInt named(String text) {
    String name = composed(text);
    int exact = names.indexOf(name);
    if (exact >= 0) {
      requireOne(text, indices(names.get(exact), false));
      return OptionalInt.of(exact);
    }
    List<Integer> alike = indices(name, true);
    requireOne(text, alike);
    return alike.isEmpty() ? OptionalInt.empty() : OptionalInt.of(alike.getFirst());
  }

  private List<Integer> indices(String name, boolean ignoreCase) {
    return IntStream.range(0, names.size())
        .filter(i -> ignoreCase ? names.get(i).equalsIgnoreCase(name) : names.get(i).equals(name))
        .boxed()
        .toList();
  }

  private void requireOne(String text, List<Integer> found) {
    if (found.size() > 1) {
      throw new InputException(
          "'%s' is the name of several classes in %s; choose by number: %s."
              .formatted(
                  text,
                  model,
                  found.stream()
                      .map(i -> "%d (%s)".formatted(i, names.get(i)))
                      .collect(Collectors.joining(", "))));
    }
  }

  private void requireClasses(String text) {
    if (count == 0) {
      throw new InputException(
          "%s has no classes, so '%s' cannot be chosen; leave the class out."
              .formatted(model, text));
    }
  }

  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int at = 0;
    while (at <= text.length()) {
      int start = at;
      while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
        start++;
      }
      StringBuilder part = new StringBuilder();
      if (start < text.length() && text.charAt(start) == '"') {
        at = unquote(text, start + 1, part);
      }
      int comma = text.indexOf(',', at);
      int end = comma < 0 ? text.length() : comma;
      part.append(text.substring(at, end).strip());
      parts.add(part.toString());
      at = end + 1;
    }
    return parts;
  }

  /** Appends what stands in quotes; where it goes on after them. */
  private static int unquote(String text, int from, StringBuilder part) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '"') {
        part.append(c);
      } else if (at < text.length() && text.charAt(at) == '"') {
        part.append('"');
        at++;
      } else {
        return at;
      }
    }
    throw new InputException(
        "The quote in %s has no end; close it, or write two for one that belongs to the name."
            .formatted(text));
  }

  private static String list(List<String> names) {
    String first =
        names.stream().limit(LISTED).map(ClassChoice::quoted).collect(Collectors.joining(", "));
    return names.size() <= LISTED ? first : first + " and %d more".formatted(names.size() - LISTED);
  }

  /** As it must be written in a list. */
  private static String quoted(String name) {
    boolean needsQuotes = name.contains(",") || name.contains("\"") || !name.equals(name.strip());
    return needsQuotes ? '"' + name.replace("\"", "\"\"") + '"' : name;
  }

  /** Some systems write letters and their accents apart, others together. */
  private static String composed(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }
}
