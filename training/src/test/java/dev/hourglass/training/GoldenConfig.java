package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.json.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * The config of a golden case without what the model cannot be trained with yet.
 *
 * @param complete whether nothing was left out that losses or steps depend on
 */
record GoldenConfig(Config config, boolean complete) {

  private static final List<String> OBJECTIVES =
      List.of("preconditioning", "noise_scale", "loss_scales");

  private static final Set<String> WEIGHTINGS = Set.of("karras", "snr", "soft-min-snr", "min-snr");

  static GoldenConfig load(Path file) {
    try {
      ObjectNode root = JsonText.parseObject(Files.readString(file));
      boolean left = withoutObjective(root.withObject("/model"));
      left |= withoutMuon(root.withObject("/optimizer"));
      return new GoldenConfig(Config.parse(JsonText.pretty(root), file.toString()), !left);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean withoutObjective(ObjectNode model) {
    boolean left = OBJECTIVES.stream().anyMatch(model::has);
    model.remove(OBJECTIVES);
    if (model.has("loss_weighting")
        && !WEIGHTINGS.contains(model.get("loss_weighting").stringValue())) {
      model.remove(List.of("loss_weighting", "loss_weighting_params"));
      left = true;
    }
    // The cases bring their noise levels with them.
    ObjectNode density = model.withObject("/sigma_sample_density");
    if (density.get("type").stringValue().equals("logit-normal")) {
      model.putObject("sigma_sample_density").put("type", "cosine-interpolated");
    }
    return left;
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
