package dev.hourglass.torchfile;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of a value that is nothing but numbers, text, lists and dictionaries. */
final class PlainJson {

  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Bounds what shared and self-containing values can grow to. */
  private static final int MAX_NODES = 100_000;

  private static final int MAX_DEPTH = 100;

  private int nodes;

  private PlainJson() {}

  /** Text by itself, other plain values as JSON; nothing for values with tensors in them. */
  static Optional<String> text(Object value) {
    if (value instanceof String text) {
      return Optional.of(text);
    }
    try {
      return Optional.of(JSON.writeValueAsString(new PlainJson().node(value, 0)));
    } catch (NotPlainException e) {
      return Optional.empty();
    }
  }

  private JsonNode node(Object value, int depth) {
    nodes++;
    if (nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw new NotPlainException();
    }
    return switch (value) {
      case String text -> NODES.stringNode(text);
      case Long number -> NODES.numberNode(number);
      case BigInteger number -> NODES.numberNode(number);
      case Double number when Double.isFinite(number) -> NODES.numberNode(number);
      case Boolean flag -> NODES.booleanNode(flag);
      case List<?> list -> array(list, depth);
      case Map<?, ?> map -> object(map, depth);
      case None none -> NODES.nullNode();
      default -> throw new NotPlainException();
    };
  }

  private ArrayNode array(List<?> list, int depth) {
    ArrayNode array = NODES.arrayNode();
    list.forEach(item -> array.add(node(item, depth + 1)));
    return array;
  }

  private ObjectNode object(Map<?, ?> map, int depth) {
    ObjectNode object = NODES.objectNode();
    map.forEach((key, value) -> object.set(String.valueOf(key), node(value, depth + 1)));
    return object;
  }

  private static final class NotPlainException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
