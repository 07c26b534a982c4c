package dev.hourglass.config;

import dev.hourglass.config.objective.Karras;
import dev.hourglass.config.objective.Scales;
import dev.hourglass.config.objective.Weighting;
import dev.hourglass.config.objective.WeightingReader;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import dev.hourglass.json.Require;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The training loss (key {@code loss_config}). */
public sealed interface LossConfig {

  /** The key of {@link Weighted#frequencyScales()}. */
  String FREQUENCY_KEY = "loss_scales";

  /** The frequency scales that leave errors as they are. */
  double ALL_FREQUENCIES = 1;

  /**
   * The squared error of the denoised image, weighted by noise level.
   *
   * @param weighting of the noise levels
   * @param frequencyScales how many octaves of spatial frequency below the highest gain weight,
   *     each as much again, not below 0; 1 counts all frequencies the same, and below 1 there is no
   *     end to it
   */
  record Weighted(Weighting weighting, double frequencyScales) implements LossConfig {

    public Weighted {
      Require.notNegative("model." + FREQUENCY_KEY, frequencyScales);
    }

    /** With all frequencies counting the same. */
    public Weighted(Weighting weighting) {
      this(weighting, ALL_FREQUENCIES);
    }
  }

  /** The unweighted error of the predicted noise; {@code loss_weighting} has no effect. */
  record Simple() implements LossConfig {}

  /** That of the section {@code model}. */
  static LossConfig read(JsonSection model, Scales scales) {
    Weighting weighting = WeightingReader.read(model, scales);
    if (model.oneOf("loss_config", List.of("karras", "simple"), "karras").equals("simple")) {
      model.acceptOnly(FREQUENCY_KEY, JsonNodeFactory.instance.numberNode(1));
      return new Simple();
    }
    return new Weighted(weighting, model.number(FREQUENCY_KEY, ALL_FREQUENCIES));
  }

  /** Adds the keys to the section {@code model}. */
  default void write(ObjectNode model) {
    switch (this) {
      case Weighted(Weighting weighting, double frequencyScales) -> {
        model.put("loss_config", "karras");
        weighting.write(model);
        if (frequencyScales != ALL_FREQUENCIES) {
          model.set(FREQUENCY_KEY, JsonText.numberNode(frequencyScales));
        }
      }
      case Simple() -> {
        model.put("loss_config", "simple");
        new Karras().write(model);
      }
    }
  }
}
