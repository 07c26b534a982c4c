package dev.hourglass.study.plan;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON merge patches (RFC 7396): objects are merged key by key, null removes a key, and anything
 * else, a list included, takes the place of what was there.
 */
final class Overlay {

  private Overlay() {}

  /** A new object; neither argument changes. */
  static ObjectNode merge(ObjectNode base, ObjectNode overlay) {
    ObjectNode merged = base.deepCopy();
    overlay
        .properties()
        .forEach(
            entry -> {
              String key = entry.getKey();
              switch (entry.getValue()) {
                case ObjectNode patch ->
                    merged.set(
                        key,
                        merge(
                            merged.get(key) instanceof ObjectNode inner ? inner : empty(), patch));
                case JsonNode value when value.isNull() -> merged.remove(key);
                case JsonNode value -> merged.set(key, value.deepCopy());
              }
            });
    return merged;
  }

  /** The patch that sets one value: {@code model.widths} to {@code {"model": {"widths": ...}}}. */
  static ObjectNode at(String path, JsonNode value) {
    int dot = path.indexOf('.');
    ObjectNode patch = empty();
    if (dot < 0) {
      patch.set(path, value.deepCopy());
    } else {
      patch.set(path.substring(0, dot), at(path.substring(dot + 1), value));
    }
    return patch;
  }

  static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }

  static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }
}
