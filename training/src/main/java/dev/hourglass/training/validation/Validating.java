package dev.hourglass.training.validation;

import dev.hourglass.config.DiffusionConfig;
import dev.hourglass.core.InputException;
import java.util.Optional;

/**
 * When a run measures its loss on the images held out, and how.
 *
 * @param every steps between measurements; 0 for none. The last step has one, too.
 * @param count images at most
 * @param levels those of the run's own config if empty; those of another to compare with it
 */
public record Validating(int every, int count, Optional<ValidationLevels> levels) {

  public static final Validating NEVER = new Validating(0, 256, Optional.empty());

  public Validating {
    if (every < 0 || count < 1) {
      throw new InputException(
          "The validation interval must be at least 0 and its images at least 1, not %d and %d."
              .formatted(every, count));
    }
  }

  /** At every so many steps. */
  public static Validating every(int steps) {
    return new Validating(steps, NEVER.count, NEVER.levels);
  }

  /** The levels at which a run of a config measures. */
  public ValidationLevels levelsFor(DiffusionConfig diffusion) {
    return levels.orElseGet(() -> ValidationLevels.of(diffusion));
  }

  /** Whether a measurement is due after a step. */
  public boolean at(long step, long lastStep) {
    return every > 0 && (step % every == 0 || step == lastStep);
  }
}
