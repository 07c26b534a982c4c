package dev.hourglass.diffusion.samplers;

import dev.hourglass.core.InputException;

/**
 * How {@link DpmAdaptive} chooses its steps.
 *
 * @param rtol relative tolerance of the local error, 0.05 as a rule
 * @param atol absolute tolerance, 0.0078 as a rule: two grey levels of 256 over [-1, 1]
 * @param hInit the first step in log sigma, 0.05 as a rule
 * @param pcoeff weight of the proportional term, 0 as a rule
 * @param icoeff weight of the integral term, 1 as a rule
 * @param dcoeff weight of the derivative term, 0 as a rule
 * @param acceptSafety a step is accepted if it may shrink by no more than this, 0.81 as a rule
 */
public record StepSizeControl(
    double rtol,
    double atol,
    double hInit,
    double pcoeff,
    double icoeff,
    double dcoeff,
    double acceptSafety) {

  public static final StepSizeControl DEFAULT =
      new StepSizeControl(0.05, 0.0078, 0.05, 0, 1, 0, 0.81);

  public StepSizeControl {
    if (!(rtol >= 0) || !(atol > 0) || !(hInit > 0) || !(acceptSafety > 0 && acceptSafety < 1)) {
      throw new InputException(
          "dpm-adaptive needs rtol >= 0, atol > 0, h_init > 0 and accept_safety between 0 and 1, not %s, %s, %s, %s."
              .formatted(rtol, atol, hInit, acceptSafety));
    }
  }

  /**
   * A PID controller of the step size with a limiter (Söderlind, "Digital filters in adaptive
   * time-stepping", 2003). Errors are in units of the tolerance.
   */
  final class Controller {

    /** Keeps an error of 0 from an infinite step. */
    private static final double SMALLEST_ERROR = 1e-8;

    private final double power1;
    private final double power2;
    private final double power3;
    private double h = hInit;
    private double last;
    private double beforeLast;

    /**
     * @param order of the error estimate
     */
    Controller(double order) {
      power1 = (pcoeff + icoeff + dcoeff) / order;
      power2 = -(pcoeff + 2 * dcoeff) / order;
      power3 = dcoeff / order;
    }

    /** The step to try next. */
    double h() {
      return h;
    }

    /** Adapts the step to the error of the one just tried; false if that is to be tried again. */
    boolean accept(double error) {
      double inverse = 1 / (error + SMALLEST_ERROR);
      if (last == 0) {
        last = inverse;
        beforeLast = inverse;
      }
      double factor =
          Math.pow(inverse, power1) * Math.pow(last, power2) * Math.pow(beforeLast, power3);
      factor = 1 + Math.atan(factor - 1);
      boolean accepted = factor >= acceptSafety;
      if (accepted) {
        beforeLast = last;
        last = inverse;
      }
      h *= factor;
      return accepted;
    }
  }
}
