package dev.hourglass.diffusion.ode;

import dev.hourglass.core.InputException;

/**
 * Solves {@code dy/dt = f(t, y)} by the Runge-Kutta pair of order 5(4) of Dormand and Prince (1980;
 * Hairer, Nørsett, Wanner, "Solving ordinary differential equations I", table II.5.2), with steps
 * of the size that the tolerance asks for.
 *
 * <p>It asks for slopes instead of calling f, so that one call of a network can serve the solvers
 * of many images, each with steps of its own:
 *
 * <pre>
 *   while (!solver.done()) {
 *     solver.answer(f(solver.time(), solver.state()));
 *   }
 * </pre>
 *
 * The error of a step is the root mean square over the leading values, in units of the tolerance,
 * or that of any one of the values after them, whichever is largest.
 */
final class DormandPrince {

  private static final double[] C = {0, 1 / 5.0, 3 / 10.0, 4 / 5.0, 8 / 9.0, 1, 1};
  private static final double[][] A = {
    {},
    {1 / 5.0},
    {3 / 40.0, 9 / 40.0},
    {44 / 45.0, -56 / 15.0, 32 / 9.0},
    {19372 / 6561.0, -25360 / 2187.0, 64448 / 6561.0, -212 / 729.0},
    {9017 / 3168.0, -355 / 33.0, 46732 / 5247.0, 49 / 176.0, -5103 / 18656.0},
    {35 / 384.0, 0, 500 / 1113.0, 125 / 192.0, -2187 / 6784.0, 11 / 84.0}, // The result, too.
  };

  /** The result of order 5 minus that of order 4. */
  private static final double[] ERROR = {
    71 / 57600.0, 0, -71 / 16695.0, 71 / 1920.0, -17253 / 339200.0, 22 / 525.0, -1 / 40.0
  };

  private static final int LAST_STAGE = 6;

  // Hairer et al., section II.4: the step after this one is h safety error^(-1/5), within bounds.
  private static final double SAFETY = 0.9;
  private static final double LEAST_FACTOR = 0.2;
  private static final double MOST_FACTOR = 5;

  /** The first step moves y by about this share of itself, and is a tenth of the way at most. */
  private static final double FIRST_MOVE = 0.01;

  private static final double LONGEST_FIRST_STEP = 0.1;

  /** A step this short, as a share of the way, means that f is not smooth. */
  private static final double SHORTEST_STEP = 1e-9;

  private final double end;
  private final double way;
  private final int together;
  private final Tolerance tolerance;
  private final double[][] slopes = new double[LAST_STAGE + 1][];

  private double t;
  private double[] y;
  private double h;
  private boolean lastStep;
  private boolean rejected;
  private int stage;
  private double[] state;
  private int evaluations;

  /**
   * A solver at its start.
   *
   * @param end may lie before {@code start}
   * @param y at {@code start}
   * @param together how many of the leading values are judged by their root mean square
   */
  DormandPrince(double start, double end, double[] y, int together, Tolerance tolerance) {
    this.t = start;
    this.end = end;
    this.way = end - start;
    this.y = y.clone();
    this.state = this.y;
    this.together = together;
    this.tolerance = tolerance;
  }

  /** Whether the end is reached; {@link #state} is then y there. */
  boolean done() {
    return t == end;
  }

  /** Where a slope is wanted. */
  double time() {
    return stage == 0 ? t : lastStep && C[stage] == 1 ? end : t + C[stage] * h;
  }

  /** At which y a slope is wanted; not to be changed. */
  double[] state() {
    return state;
  }

  /** How many slopes were given. */
  int evaluations() {
    return evaluations;
  }

  /**
   * Gives the slope that is wanted.
   *
   * @throws InputException if it is not finite, or no step is short enough for the tolerance
   */
  void answer(double[] slope) {
    evaluations++;
    slopes[stage] = slope;
    for (double value : slope) {
      if (!Double.isFinite(value)) {
        throw new InputException(
            "The model answers with numbers that are not finite; choose another checkpoint.");
      }
    }
    if (stage == 0) {
      tryStep(firstStep(slope));
    } else if (stage < LAST_STAGE) {
      stage++;
      state = combine();
    } else {
      finishStep();
    }
  }

  private double firstStep(double[] slope) {
    double size = 0;
    double speed = 0;
    for (int i = 0; i < together; i++) {
      size += square(tolerance.ratio(y[i], y[i], y[i]));
      speed += square(tolerance.ratio(slope[i], y[i], y[i]));
    }
    double longest = LONGEST_FIRST_STEP * Math.abs(way);
    double moving = FIRST_MOVE * Math.sqrt(size / speed);
    return Math.copySign(moving > 0 ? Math.min(longest, moving) : longest, way);
  }

  private void tryStep(double length) {
    if (Math.abs(length) < SHORTEST_STEP * Math.abs(way)) {
      throw new InputException(
          "No step is short enough for the tolerances rtol %s and atol %s, since the model is not smooth to that degree; choose larger ones, or --precision fp32."
              .formatted(tolerance.rtol(), tolerance.atol()));
    }
    lastStep = Math.abs(length) >= Math.abs(end - t);
    h = lastStep ? end - t : length;
    stage = 1;
    state = combine();
  }

  private void finishStep() {
    double error = error();
    double factor = SAFETY * Math.pow(error, -1 / 5.0);
    double bounded = Math.clamp(factor, LEAST_FACTOR, rejected ? 1 : MOST_FACTOR);
    rejected = error > 1;
    if (!rejected) {
      t = lastStep ? end : t + h;
      y = state;
      slopes[0] = slopes[LAST_STAGE]; // First same as last.
      if (done()) {
        return;
      }
    }
    tryStep(h * bounded);
  }

  /** y plus the step's slopes so far in the proportions of the stage. */
  private double[] combine() {
    double[] sum = y.clone();
    for (int j = 0; j < stage; j++) {
      double weight = h * A[stage][j];
      double[] slope = slopes[j];
      for (int i = 0; weight != 0 && i < sum.length; i++) {
        sum[i] += weight * slope[i];
      }
    }
    return sum;
  }

  private double error() {
    double squares = 0;
    double largest = 0;
    for (int i = 0; i < y.length; i++) {
      double error = 0;
      for (int j = 0; j <= LAST_STAGE; j++) {
        error += ERROR[j] * slopes[j][i];
      }
      double ratio = Math.abs(tolerance.ratio(h * error, y[i], state[i]));
      if (i < together) {
        squares += square(ratio);
      } else {
        largest = Math.max(largest, ratio);
      }
    }
    return Math.max(Math.sqrt(squares / together), largest);
  }

  private static double square(double x) {
    return x * x;
  }
}
