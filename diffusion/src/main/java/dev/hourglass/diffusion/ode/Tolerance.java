package dev.hourglass.diffusion.ode;

import dev.hourglass.core.InputException;

/**
 * What a step of {@link DormandPrince} may be off by: {@code atol + rtol |y|} in each value.
 *
 * @param rtol at least 0
 * @param atol above 0
 */
public record Tolerance(double rtol, double atol) {

  /** Fine enough for bits per dimension: see docs/likelihood.md. */
  public static final Tolerance DEFAULT = new Tolerance(1e-3, 1e-3);

  public Tolerance {
    if (!(rtol >= 0) || !(atol > 0) || Double.isInfinite(rtol) || Double.isInfinite(atol)) {
      throw new InputException(
          "The tolerances of the solver must be finite, rtol at least 0 and atol above 0, not %s and %s."
              .formatted(rtol, atol));
    }
  }

  /** An error in units of what is allowed, for a value that goes from {@code a} to {@code b}. */
  double ratio(double error, double a, double b) {
    return error / (atol + rtol * Math.max(Math.abs(a), Math.abs(b)));
  }
}
