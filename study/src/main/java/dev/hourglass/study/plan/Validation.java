package dev.hourglass.study.plan;

import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import dev.hourglass.training.validation.HoldOut;
import dev.hourglass.training.validation.Validating;
import dev.hourglass.training.validation.ValidationLevels;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The share of the images that every cell of a study holds out, and when it measures its loss on
 * them.
 *
 * @param share the same images for all cells
 * @param every steps between measurements; the last step has one, too
 * @param count images at most
 */
public record Validation(HoldOut.Share share, int every, int count) {

  static final String KEY = "validate";

  /** Reads {@code 0.1}, or {@code {"share": 0.1, "every": 100, "count": 256}}. */
  static Optional<Validation> read(JsonSection study) {
    if (!study.has(KEY)) {
      return Optional.empty();
    }
    JsonNode node = study.node(KEY);
    if (node.isNumber()) {
      return Optional.of(of(study.number(KEY), 100, Validating.NEVER.count()));
    }
    if (!(node instanceof ObjectNode)) {
      throw new InputException(
          "%s is %s; give the share of the images to hold out, such as 0.1."
              .formatted(KEY, JsonText.render(node)));
    }
    JsonSection section = study.section(KEY);
    section.allow(List.of("share", "every", "count"));
    return Optional.of(
        of(
            section.number("share"),
            section.integer("every", 100),
            section.integer("count", Validating.NEVER.count())));
  }

  private static Validation of(double share, int every, int count) {
    Validation validation = new Validation(new HoldOut.Share(share), every, count);
    if (every < 1) {
      throw new InputException("%s.every must be at least 1, not %d.".formatted(KEY, every));
    }
    validation.at(Optional.empty());
    return validation;
  }

  /**
   * For the trainer.
   *
   * @param levels those of the study's baseline, so that all variants are measured alike
   */
  public Validating at(Optional<ValidationLevels> levels) {
    return new Validating(every, count, levels);
  }
}
