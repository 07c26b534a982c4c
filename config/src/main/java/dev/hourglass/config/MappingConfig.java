package dev.hourglass.config;

import dev.hourglass.core.InputException;
import dev.hourglass.json.Require;

/**
 * The network that turns noise level, augmentation, class and vector condition into the one vector
 * that modulates every norm.
 *
 * @param depth feed-forward blocks, 0 or more
 * @param width channels of the vector, even (the Fourier features are half cosines, half sines)
 * @param dFf channels inside a block, after the gate
 * @param dropout probability of dropping an activation in training, in [0, 1]
 */
public record MappingConfig(int depth, int width, int dFf, double dropout) {

  public static final int DEFAULT_DEPTH = 2;
  public static final int DEFAULT_WIDTH = 256;

  /** Feed-forward blocks are this many times as wide as the vector or the token they work on. */
  static final int FF_EXPANSION = 3;

  /** Checks the ranges above. */
  public MappingConfig {
    Require.notNegative("model.mapping_depth", depth);
    Require.positive("model.mapping_width", width);
    if (width % 2 != 0) {
      throw new InputException(
          "model.mapping_width is %d; give an even number, because the Fourier features are half cosines and half sines."
              .formatted(width));
    }
    Require.positive("model.mapping_d_ff", dFf);
    Require.probability("model.mapping_dropout_rate", dropout);
  }
}
