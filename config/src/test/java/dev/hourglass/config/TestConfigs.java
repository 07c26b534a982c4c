package dev.hourglass.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Configs for tests: edits of a small valid one, presets, files of the test resources. */
public final class TestConfigs {

  public static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Only the keys that have no default. */
  public static final String MINIMAL =
      """
      {"model": {"type": "image_transformer_v2", "input_channels": 3, "input_size": [64, 64],
        "patch_size": [4, 4], "depths": [2, 4], "widths": [128, 256],
        "sigma_min": 0.01, "sigma_max": 80,
        "sigma_sample_density": {"type": "cosine-interpolated"}}}
      """;

  private TestConfigs() {}

  /**
   * The minimal config with values replaced or added.
   *
   * @param edits pairs of a path such as {@code model.self_attns[1].d_head} and the JSON of its new
   *     value; the value {@code -} removes the key
   */
  static String edited(String... edits) {
    JsonNode root = MAPPER.readTree(MINIMAL);
    for (int i = 0; i < edits.length; i += 2) {
      edit(root, edits[i], edits[i + 1]);
    }
    return root.toString();
  }

  private static void edit(JsonNode root, String path, String json) {
    String[] keys = path.replace("[", ".").replace("]", "").split("\\.", -1);
    JsonNode node = root;
    for (int i = 0; i < keys.length - 1; i++) {
      if (node instanceof ArrayNode array) {
        node = array.get(Integer.parseInt(keys[i]));
      } else {
        node = ((ObjectNode) node).withObjectProperty(keys[i]);
      }
    }
    String last = keys[keys.length - 1];
    if (json.equals("-")) {
      ((ObjectNode) node).remove(last);
    } else if (node instanceof ArrayNode array) {
      array.set(Integer.parseInt(last), MAPPER.readTree(json));
    } else {
      ((ObjectNode) node).set(last, MAPPER.readTree(json));
    }
  }

  static Config parse(String... edits) {
    return Config.parse(edited(edits), "test.json");
  }

  public static Config preset(String name) {
    return Config.load(Path.of("..", "configs", name + ".json"));
  }

  public static String resource(String name) {
    try (InputStream in = TestConfigs.class.getResourceAsStream("/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
