package dev.hourglass.config;

import dev.hourglass.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Compares two configs as JSON, path by path. */
final class ConfigDifferences {

  private final List<String> found = new ArrayList<>();

  private ConfigDifferences() {}

  static List<String> between(JsonNode here, JsonNode there) {
    ConfigDifferences differences = new ConfigDifferences();
    differences.compare("", here, there);
    return List.copyOf(differences.found);
  }

  private void compare(String path, JsonNode here, JsonNode there) {
    if (here.equals(there)) {
      return;
    }
    if (here.isObject() && there.isObject()) {
      Set<String> keys = new LinkedHashSet<>(here.propertyNames());
      keys.addAll(there.propertyNames());
      for (String key : keys) {
        compare(path.isEmpty() ? key : path + "." + key, here.path(key), there.path(key));
      }
    } else if (listsOfObjects(here, there)) {
      for (int i = 0; i < here.size(); i++) {
        compare(path + "[" + i + "]", here.get(i), there.get(i));
      }
    } else {
      found.add("%s: %s here, %s there".formatted(path, value(here), value(there)));
    }
  }

  /** Lists of plain values are short and are shown whole. */
  private static boolean listsOfObjects(JsonNode here, JsonNode there) {
    return here.isArray()
        && there.isArray()
        && here.size() == there.size()
        && here.get(0).isObject();
  }

  private static String value(JsonNode node) {
    return node.isMissingNode() ? "nothing" : JsonText.compact(node);
  }
}
