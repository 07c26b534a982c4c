package dev.hourglass.bench;

import dev.hourglass.json.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/** Files that lie beside the classes. */
final class BenchResource {

  private BenchResource() {}

  static String text(String name) {
    try (InputStream in = BenchResource.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode json(String name) {
    return JsonText.parseObject(text(name));
  }
}
