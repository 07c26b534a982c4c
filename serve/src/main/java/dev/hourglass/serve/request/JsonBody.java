package dev.hourglass.serve.request;

import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON object of a request: typed members, each wrong one in a sentence. */
final class JsonBody {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The integers that JavaScript keeps exactly. */
  private static final long LARGEST_WHOLE = (1L << 53) - 1;

  private final ObjectNode object;
  private final JsonSection section;

  private JsonBody(ObjectNode object) {
    this.object = object;
    this.section = new JsonSection("", object);
  }

  /**
   * Reads the text.
   *
   * @throws InputException if it is no JSON object
   */
  static JsonBody parse(byte[] text) {
    JsonNode node;
    try {
      node = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new InputException(
          "The body is not valid JSON (%s); correct it."
              .formatted(JsonText.cause(e).replaceAll("\\s+", " ")),
          e);
    }
    if (!(node instanceof ObjectNode object)) {
      throw new InputException("The body is not a JSON object; send one in braces.");
    }
    return new JsonBody(object);
  }

  JsonSection section() {
    return section;
  }

  /** Whether it says something, a zero or false among other things; null says nothing. */
  boolean has(String key) {
    return object.hasNonNull(key);
  }

  JsonNode node(String key) {
    return object.get(key);
  }

  OptionalInt integer(String key) {
    return has(key) ? OptionalInt.of(section.integer(key)) : OptionalInt.empty();
  }

  OptionalDouble number(String key) {
    return has(key) ? OptionalDouble.of(section.number(key)) : OptionalDouble.empty();
  }

  List<Double> numbers(String key) {
    return has(key) ? section.numbers(key) : List.of();
  }

  /** A whole number from 0 to 2^53 - 1. */
  OptionalLong whole(String key) {
    return has(key) ? OptionalLong.of(whole(key, object.get(key))) : OptionalLong.empty();
  }

  static long whole(String key, JsonNode value) {
    boolean good =
        value.isIntegralNumber()
            && value.canConvertToLong()
            && value.longValue() >= 0
            && value.longValue() <= LARGEST_WHOLE;
    if (!good) {
      throw new InputException(
          "%s must be a whole number from 0 to %d.".formatted(key, LARGEST_WHOLE));
    }
    return value.longValue();
  }

  /** One value, or the values of a list. */
  List<JsonNode> oneOrMore(String key) {
    if (!has(key)) {
      return List.of();
    }
    JsonNode value = object.get(key);
    List<JsonNode> all = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(all::add);
    } else {
      all.add(value);
    }
    return all;
  }
}
