package dev.hourglass.config;

import dev.hourglass.config.weighting.Karras;
import dev.hourglass.config.weighting.Weighting;
import dev.hourglass.config.weighting.WeightingReader;
import dev.hourglass.json.JsonSection;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The training loss (key {@code loss_config}). */
public sealed interface LossConfig {

  /** The squared error of the denoised image, weighted by noise level. */
  record Weighted(Weighting weighting) implements LossConfig {}

  /** The unweighted error of the predicted noise; {@code loss_weighting} has no effect. */
  record Simple() implements LossConfig {}

  /** That of the section {@code model}. */
  static LossConfig read(JsonSection model, double sigmaData) {
    Weighting weighting = WeightingReader.read(model, sigmaData);
    return model.oneOf("loss_config", List.of("karras", "simple"), "karras").equals("simple")
        ? new Simple()
        : new Weighted(weighting);
  }

  /** Adds the keys to the section {@code model}. */
  default void write(ObjectNode model) {
    switch (this) {
      case Weighted(Weighting weighting) -> {
        model.put("loss_config", "karras");
        weighting.write(model);
      }
      case Simple() -> {
        model.put("loss_config", "simple");
        new Karras().write(model);
      }
    }
  }
}
