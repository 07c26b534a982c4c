package dev.hourglass.diffusion.samplers;

import dev.hourglass.core.InputException;

/**
 * Noise added before a step and removed by it (Karras et al. 2022, algorithm 2): within [sTmin,
 * sTmax] the noise level is first raised from sigma to {@code (1 + gamma) sigma} with {@code gamma
 * = min(sChurn / steps, sqrt(2) - 1)}.
 *
 * @param sChurn 0 for none
 * @param sTmin the lowest level it applies to
 * @param sTmax the highest level it applies to
 * @param sNoise the standard deviation of the noise; slightly above 1 makes up for lost detail
 */
public record Churn(double sChurn, double sTmin, double sTmax, double sNoise) {

  public static final Churn NONE = new Churn(0, 0, Double.POSITIVE_INFINITY, 1);

  public Churn {
    if (!(sChurn >= 0) || !(sTmin >= 0) || !(sTmax >= sTmin) || !(sNoise >= 0)) {
      throw new InputException(
          "Churn needs s_churn >= 0, 0 <= s_tmin <= s_tmax and s_noise >= 0, not %s, %s, %s, %s."
              .formatted(sChurn, sTmin, sTmax, sNoise));
    }
  }

  /** gamma at a noise level of a grid of {@code steps} steps. */
  double gamma(double sigma, int steps) {
    boolean applies = sTmin <= sigma && sigma <= sTmax;
    return applies ? Math.min(sChurn / steps, Math.sqrt(2) - 1) : 0;
  }
}
