package dev.hourglass.architecture.part;

import dev.hourglass.json.JsonSection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which linear layers have biases; the paper's have none.
 *
 * @param qkv those before attention
 * @param out those after it
 * @param up the first of feed-forward blocks
 * @param down the second of them
 * @param mappingUp the first of the mapping network's
 * @param mappingDown the second of them
 */
public record Biases(
    boolean qkv, boolean out, boolean up, boolean down, boolean mappingUp, boolean mappingDown) {

  static final Biases NONE = new Biases(false, false, false, false, false, false);

  static final List<String> KEYS =
      List.of(
          "qkv_bias",
          "o_bias",
          "ffn_up_bias",
          "ffn_down_bias",
          "mapping_ffn_up_bias",
          "mapping_ffn_down_bias");

  static Biases read(JsonSection section) {
    List<Boolean> values = KEYS.stream().map(key -> section.bool(key, false)).toList();
    return new Biases(
        values.get(0), values.get(1), values.get(2), values.get(3), values.get(4), values.get(5));
  }

  /** Names those that there are. */
  void write(ObjectNode section) {
    List<Boolean> values = List.of(qkv, out, up, down, mappingUp, mappingDown);
    Map<String, Boolean> byKey = new LinkedHashMap<>();
    for (int i = 0; i < KEYS.size(); i++) {
      byKey.put(KEYS.get(i), values.get(i));
    }
    byKey.entrySet().stream()
        .filter(Map.Entry::getValue)
        .forEach(entry -> section.put(entry.getKey(), true));
  }
}
