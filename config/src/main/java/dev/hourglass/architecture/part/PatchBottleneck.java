package dev.hourglass.architecture.part;

import dev.hourglass.json.JsonSection;
import dev.hourglass.json.Require;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether pixels become tokens by one linear layer, as in the paper, or by two with few channels
 * between them: what large patches need (Li and He, "Back to basics: let denoising generative
 * models denoise", 2025).
 *
 * @param width channels between the two; 0 for one layer alone
 */
public record PatchBottleneck(int width) {

  static final PatchBottleneck NONE = new PatchBottleneck(0);

  static final String KEY = "patch_bottleneck";

  /** Checks the range above. */
  public PatchBottleneck {
    Require.notNegative("model." + KEY, width);
  }

  /** Whether there are two layers. */
  public boolean isPresent() {
    return width > 0;
  }

  static PatchBottleneck read(JsonSection section) {
    return new PatchBottleneck(section.integer(KEY, 0));
  }

  void write(ObjectNode section) {
    if (isPresent()) {
      section.put(KEY, width);
    }
  }
}
