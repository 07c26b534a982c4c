package dev.hourglass.json;

import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object of the config file and its path; reads typed values and names the path if it can't.
 */
public final class JsonSection {

  /** Far above any sensible width or size, and low enough that products of a few stay exact. */
  private static final int LARGEST_INTEGER = 1 << 24;

  private final String path;
  private final ObjectNode object;

  public JsonSection(String path, ObjectNode object) {
    this.path = path;
    this.object = object;
  }

  /** The path of a key: {@code model.widths}. */
  public String path(String key) {
    String name = key.isBlank() ? "\"%s\"".formatted(key) : key;
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Refuses every other key, with the one that was probably meant. */
  public void allow(List<String> keys) {
    allow(keys, List.of());
  }

  /**
   * The same, where further keys are allowed that nobody is advised to use.
   *
   * @param tolerated named only where a key looks like one of them
   */
  public void allow(List<String> keys, List<String> tolerated) {
    List<String> all = Stream.concat(keys.stream(), tolerated.stream()).distinct().toList();
    for (String key : object.propertyNames()) {
      if (!all.contains(key)) {
        List<String> near = Spelling.meant(key, all).map(List::of).orElse(keys);
        throw new InputException(
            "%s is not a known key; %s"
                .formatted(path(key), Spelling.advice(key, near, "the keys allowed here are")));
      }
    }
  }

  /** Accepts a key that Hourglass does not need, at the one value at which it changes nothing. */
  public void acceptOnly(String key, JsonNode neutral) {
    JsonNode value = object.get(key);
    if (value != null && !value.equals(neutral)) {
      throw new InputException(
          "%s is %s, which is not supported; remove the key or set it to %s."
              .formatted(path(key), JsonText.render(value), JsonText.render(neutral)));
    }
  }

  public boolean isEmpty() {
    return object.isEmpty();
  }

  public boolean has(String key) {
    return object.has(key);
  }

  /** Whether the key has a value other than null, 0 and [], which stand for the default. */
  public boolean isSet(String key) {
    JsonNode value = object.get(key);
    boolean unset =
        value == null
            || value.isNull()
            || (value.isArray() && value.isEmpty())
            || (value.isIntegralNumber() && value.canConvertToInt() && value.intValue() == 0);
    return !unset;
  }

  public JsonNode node(String key) {
    JsonNode value = object.get(key);
    if (value == null) {
      throw new InputException("%s is missing; add it.".formatted(path(key)));
    }
    return value;
  }

  public int integer(String key) {
    return asInteger(path(key), node(key));
  }

  public int integer(String key, int byDefault) {
    return has(key) ? integer(key) : byDefault;
  }

  public double number(String key) {
    return asNumber(path(key), node(key));
  }

  public double number(String key, double byDefault) {
    return has(key) ? number(key) : byDefault;
  }

  public boolean bool(String key, boolean byDefault) {
    if (!has(key)) {
      return byDefault;
    }
    JsonNode value = node(key);
    if (!value.isBoolean()) {
      throw wrongType(path(key), value, "true or false");
    }
    return value.booleanValue();
  }

  public String string(String key) {
    JsonNode value = node(key);
    if (!value.isString()) {
      throw wrongType(path(key), value, "a string");
    }
    return value.stringValue();
  }

  public String string(String key, String byDefault) {
    return has(key) ? string(key) : byDefault;
  }

  /** A string that must be one of the choices. */
  public String oneOf(String key, List<String> choices) {
    String name = string(key);
    if (!choices.contains(name)) {
      throw new InputException(
          "%s is \"%s\", which is not known; %s"
              .formatted(path(key), name, Spelling.advice(name, choices, "choose one of")));
    }
    return name;
  }

  public String oneOf(String key, List<String> choices, String byDefault) {
    return has(key) ? oneOf(key, choices) : byDefault;
  }

  public List<Integer> integers(String key) {
    return list(key, "a list of integers", JsonSection::asInteger);
  }

  public List<Double> numbers(String key) {
    return list(key, "a list of numbers", JsonSection::asNumber);
  }

  /** Two sides, height and width: {@code [32, 48]}, or one integer for a square. */
  public List<Integer> sides(String key) {
    JsonNode value = node(key);
    if (value.isNumber()) {
      int side = side(path(key), value);
      return List.of(side, side);
    }
    if (!value.isArray() || value.size() != 2) {
      throw wrongType(path(key), value, "a height and a width such as [32, 32]");
    }
    return List.of(side(path(key, 0), value.get(0)), side(path(key, 1), value.get(1)));
  }

  private static int side(String path, JsonNode value) {
    int side = asInteger(path, value);
    Require.positive(path, side);
    return side;
  }

  public JsonSection section(String key) {
    return asSection(path(key), node(key));
  }

  /** The section, or an empty one where every key has its default. */
  public JsonSection sectionOrEmpty(String key) {
    return has(key) ? section(key) : new JsonSection(path(key), object.objectNode());
  }

  /** The same, where null stands for the empty one, too. */
  public JsonSection sectionIfSet(String key) {
    return isSet(key) ? section(key) : new JsonSection(path(key), object.objectNode());
  }

  public List<JsonSection> sections(String key) {
    return list(key, "a list of objects in braces", JsonSection::asSection);
  }

  /** The keys among those given that are present, each with the JSON text of its value. */
  public Map<String, String> texts(List<String> keys) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : keys) {
      if (has(key)) {
        texts.put(key, JsonText.compact(node(key)));
      }
    }
    return texts;
  }

  /**
   * @param element from the path of an element and its value
   */
  private <T> List<T> list(String key, String what, BiFunction<String, JsonNode, T> element) {
    List<T> values = new ArrayList<>();
    ArrayNode array = array(key, what);
    for (int i = 0; i < array.size(); i++) {
      values.add(element.apply(path(key, i), array.get(i)));
    }
    return values;
  }

  private String path(String key, int index) {
    return path(key) + "[" + index + "]";
  }

  private ArrayNode array(String key, String expected) {
    if (!(node(key) instanceof ArrayNode array)) {
      throw wrongType(path(key), node(key), expected);
    }
    return array;
  }

  private static JsonSection asSection(String path, JsonNode value) {
    if (!(value instanceof ObjectNode object)) {
      throw wrongType(path, value, "an object in braces");
    }
    return new JsonSection(path, object);
  }

  private static int asInteger(String path, JsonNode value) {
    if (!value.isIntegralNumber()) {
      throw wrongType(path, value, "an integer");
    }
    if (!value.canConvertToInt() || value.intValue() > LARGEST_INTEGER) {
      throw wrongType(path, value, "an integer of at most " + LARGEST_INTEGER);
    }
    return value.intValue();
  }

  private static double asNumber(String path, JsonNode value) {
    OptionalDouble number = value.isNumber() ? value.doubleValueOpt() : OptionalDouble.empty();
    if (number.isEmpty() || !Double.isFinite(number.getAsDouble())) {
      throw wrongType(path, value, "a number");
    }
    return number.getAsDouble();
  }

  private static InputException wrongType(String path, JsonNode value, String expected) {
    return new InputException(
        "%s is %s; give %s.".formatted(path, JsonText.render(value), expected));
  }
}
