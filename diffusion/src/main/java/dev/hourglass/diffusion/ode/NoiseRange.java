package dev.hourglass.diffusion.ode;

import dev.hourglass.config.DiffusionConfig;

/**
 * The noise levels that the probability flow runs between, and the coordinates it is solved in.
 *
 * <p>With {@code s = sqrt(sigma^2 + sd^2)}, {@code z = x / s} and {@code t = atan(sigma / sd)} the
 * equation {@code dx/dsigma = (x - D) / sigma} becomes
 *
 * <pre>
 *   dz/dt = -(D - c_skip x) / c_out = -F
 * </pre>
 *
 * with Karras' coefficients, whatever the model predicts: z and its slope have about unit variance
 * at every level, where x and dx/dsigma range over four orders of magnitude. (Lu and Song,
 * "Simplifying, stabilizing and scaling continuous-time consistency models", 2024, eq. 6.) The
 * solution does not depend on {@code sd}.
 *
 * @param sigmaMin where images are taken to be, above 0
 * @param sigmaMax where they are noise
 * @param sigmaData sd, about the standard deviation of the data
 */
public record NoiseRange(double sigmaMin, double sigmaMax, double sigmaData) {

  public NoiseRange {
    if (!(sigmaMin > 0 && sigmaMax > sigmaMin && sigmaData > 0)) {
      throw new IllegalArgumentException(
          "not a range of noise levels: %s to %s, data %s"
              .formatted(sigmaMin, sigmaMax, sigmaData));
    }
  }

  /** That of a model. */
  public static NoiseRange of(DiffusionConfig diffusion) {
    return new NoiseRange(diffusion.sigmaMin(), diffusion.sigmaMax(), diffusion.scales().data());
  }

  double timeMin() {
    return Math.atan2(sigmaMin, sigmaData);
  }

  double timeMax() {
    return Math.atan2(sigmaMax, sigmaData);
  }

  double sigma(double time) {
    return sigmaData * Math.tan(time);
  }

  /** s: an image is this times z. */
  double scale(double sigma) {
    return Math.hypot(sigma, sigmaData);
  }
}
