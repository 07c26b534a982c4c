package dev.hourglass.study.plan;

import dev.hourglass.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** SHA-256 of JSON, whatever the order of its keys. */
final class CellDigest {

  private CellDigest() {}

  static String of(ObjectNode json) {
    byte[] text = JsonText.compact(sorted(json)).getBytes(StandardCharsets.UTF_8);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static JsonNode sorted(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        ObjectNode copy = Overlay.empty();
        object.propertyNames().stream()
            .sorted()
            .forEach(key -> copy.set(key, sorted(object.get(key))));
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = array.arrayNode();
        array.forEach(value -> copy.add(sorted(value)));
        yield copy;
      }
      default -> node;
    };
  }
}
