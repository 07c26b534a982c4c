package dev.hourglass.config.objective;

import dev.hourglass.json.Require;

/**
 * The standard deviations that preconditionings, weightings and densities of noise levels are
 * relative to.
 *
 * @param data of clean images (key {@code sigma_data}), above 0
 * @param noise of the noise at the far end of flow matching (key {@code noise_scale}), above 0
 */
public record Scales(double data, double noise) {

  /** The key of the first. */
  public static final String DATA_KEY = "sigma_data";

  /** The key of the second. */
  public static final String NOISE_KEY = "noise_scale";

  /** Checks the ranges above. */
  public Scales {
    Require.positive("model." + DATA_KEY, data);
    Require.positive("model." + NOISE_KEY, noise);
  }

  /** With a noise scale of 1, the default. */
  public static Scales ofData(double data) {
    return new Scales(data, 1);
  }
}
