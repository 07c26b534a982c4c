package dev.hourglass.study.plan;

import dev.hourglass.config.Config;
import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import dev.hourglass.json.Require;
import java.util.List;

/**
 * The grid that each cell draws at its end, of the same noise in all of them.
 *
 * @param count images in it; 0 for no grid
 * @param steps of the sampler
 * @param guidance scale of classifier-free guidance, 1 for none
 */
public record Samples(int count, int steps, double guidance) {

  /** A preview: few images, few steps. */
  public static final Samples DEFAULT = new Samples(16, 25, 1);

  /** Checks the ranges. */
  public Samples {
    Require.notNegative("samples.count", count);
    Require.positive("samples.steps", steps);
    Require.finite("samples.guidance", guidance);
  }

  static Samples read(JsonSection section) {
    section.allow(List.of("count", "steps", "guidance"));
    return new Samples(
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
    if (count > 0 && guidance != 1 && config.model().numClasses() == 0) {
      throw new InputException(
          "samples.guidance is %s, but the variant %s has no classes to be guided by; set it to 1 or give dataset.num_classes."
              .formatted(JsonText.number(guidance), variant));
    }
  }
}
