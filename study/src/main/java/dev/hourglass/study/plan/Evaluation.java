package dev.hourglass.study.plan;

import dev.hourglass.config.Config;
import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import dev.hourglass.json.Require;
import java.util.List;

/**
 * The images that each cell draws for the metrics that compare images, of the same noise in all of
 * them.
 *
 * @param count images drawn, and training images that they are compared with, at most
 * @param steps of the sampler
 * @param guidance scale of classifier-free guidance, 1 for none
 */
public record Evaluation(int count, int steps, double guidance) {

  static final String KEY = "evaluate";

  /** Enough to rank, too few to compare with others' figures. */
  public static final Evaluation DEFAULT = new Evaluation(500, 25, 1);

  /** Checks the ranges. */
  public Evaluation {
    if (count < 2) {
      throw new InputException(
          "%s.count is %d; a distance needs at least 2 images.".formatted(KEY, count));
    }
    Require.positive(KEY + ".steps", steps);
    Require.finite(KEY + ".guidance", guidance);
  }

  static Evaluation read(JsonSection section) {
    section.allow(List.of("count", "steps", "guidance"));
    return new Evaluation(
        section.integer("count", DEFAULT.count),
        section.integer("steps", DEFAULT.steps),
        section.number("guidance", DEFAULT.guidance));
  }

  /**
   * Checks that a model can be sampled so.
   *
   * @param variant whose model it is
   */
  void requirePossible(String variant, Config config) {
    if (guidance != 1 && config.model().numClasses() == 0) {
      throw new InputException(
          "%s.guidance is %s, but the variant %s has no classes to be guided by; set it to 1 or give dataset.num_classes."
              .formatted(KEY, JsonText.number(guidance), variant));
    }
  }
}
