package dev.hourglass.diffusion;

import dev.hourglass.config.DiffusionConfig;
import dev.hourglass.core.InputException;

/**
 * The noise levels that images are drawn through.
 *
 * @param min the last level before 0, above 0
 * @param max the first level, not below min
 * @param noiseScale to which the times of flow matching are relative, above 0
 */
public record NoiseRange(double min, double max, double noiseScale) {

  public NoiseRange {
    if (!(min > 0) || !(max >= min) || Double.isInfinite(max)) {
      throw new InputException(
          "Noise levels must satisfy 0 < sigma_min <= sigma_max, not sigma_min %s and sigma_max %s."
              .formatted(min, max));
    }
  }

  /** With a noise scale of 1. */
  public NoiseRange(double min, double max) {
    this(min, max, 1);
  }

  /** That of a config. */
  public static NoiseRange of(DiffusionConfig diffusion) {
    return new NoiseRange(diffusion.sigmaMin(), diffusion.sigmaMax(), diffusion.scales().noise());
  }
}
