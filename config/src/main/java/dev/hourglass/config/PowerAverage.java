package dev.hourglass.config;

import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonText;

/**
 * A power-function average of weights (Karras et al., "Analyzing and improving the training
 * dynamics of diffusion models", 2024, section 3.1). After step t it weighs the weights of step s
 * by {@code s^g}, so the part of training that it looks back over grows with training.
 *
 * @param sigmaRel its length: the standard deviation of the weighing, relative to the time trained;
 *     above 0 and below 0.289, which is that of the plain mean ({@code g = 0})
 */
public record PowerAverage(double sigmaRel) {

  private static final double SIGMA_REL_END = 0.289;

  /** Checks the range above. */
  public PowerAverage {
    requireSigmaRel("sigma_rel", sigmaRel);
  }

  /**
   * Refuses a length out of range.
   *
   * @param name of the key or option that it was given by
   */
  public static void requireSigmaRel(String name, double sigmaRel) {
    if (!(sigmaRel > 0 && sigmaRel < SIGMA_REL_END)) {
      throw new InputException(
          "%s is %s; give a number above 0 and below 0.289, such as 0.1."
              .formatted(name, JsonText.number(sigmaRel)));
    }
  }

  /**
   * The length of an exponent, {@code sqrt((g + 1) / ((g + 2)^2 (g + 3)))}.
   *
   * @param exponent g, above -1
   */
  public static double sigmaRel(double exponent) {
    return Math.sqrt((exponent + 1) / (exponent + 3)) / (exponent + 2);
  }

  /**
   * The exponent g: the largest real root of {@code g^3 + 7 g^2 + (16 - s^-2) g + 12 - s^-2}, s
   * being the length.
   */
  public double exponent() {
    double s = sigmaRel;
    // Of u = g s, so that no power of a small s overflows. The cubic rises and is convex from its
    // largest root on, which is below 1: from there Newton's steps fall onto it.
    double u = 1;
    double last;
    do {
      last = u;
      double value = ((u + 7 * s) * u + 16 * s * s - 1) * u + (12 * s * s - 1) * s;
      double slope = (3 * u + 14 * s) * u + 16 * s * s - 1;
      u -= value / slope;
    } while (u < last);
    return last / s;
  }

  /**
   * What the average keeps after a step, {@code (1 - 1/t)^(g + 1)}.
   *
   * @param step t, counted from 1 where the average began
   */
  public double decay(long step) {
    return Math.exp((exponent() + 1) * Math.log1p(-1.0 / step));
  }
}
