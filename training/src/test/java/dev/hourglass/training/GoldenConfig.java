package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.json.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/**
 * The config of a golden case without what the model cannot be trained with yet.
 *
 * @param complete whether nothing was left out that losses or steps depend on
 */
record GoldenConfig(Config config, boolean complete) {

  static GoldenConfig load(Path file) {
    try {
      ObjectNode root = JsonText.parseObject(Files.readString(file));
      boolean left = withoutMuon(root.withObject("/optimizer"));
      return new GoldenConfig(Config.parse(JsonText.pretty(root), file.toString()), !left);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean withoutMuon(ObjectNode optimizer) {
    boolean muon = optimizer.get("type").stringValue().equals("muon");
    if (muon) {
      ObjectNode adamW = optimizer.withObject("/adamw").deepCopy();
      optimizer.removeAll();
      optimizer.put("type", "adamw").setAll(adamW);
    }
    return muon;
  }
}
