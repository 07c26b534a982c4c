package dev.hourglass.diffusion;

import dev.hourglass.core.InputException;
import java.util.List;

/** The noise levels that a sampler visits, from high to low and then 0. */
public sealed interface SigmaSchedule {

  List<String> NAMES = List.of("karras", "exponential", "polyexponential", "vp");

  /**
   * The grid of a run.
   *
   * @param steps at least 1
   * @param sigmaMin the last level before 0, above 0
   * @param sigmaMax the first level, not below {@code sigmaMin}
   * @return {@code steps + 1} levels, decreasing, the last one 0
   * @throws InputException if an argument is out of range
   */
  default double[] sigmas(int steps, double sigmaMin, double sigmaMax) {
    if (steps < 1) {
      throw new InputException("A sampler needs at least 1 step, not " + steps + ".");
    }
    if (!(sigmaMin > 0) || !(sigmaMax >= sigmaMin) || Double.isInfinite(sigmaMax)) {
      throw new InputException(
          "Noise levels must satisfy 0 < sigma_min <= sigma_max, not sigma_min %s and sigma_max %s."
              .formatted(sigmaMin, sigmaMax));
    }
    double[] sigmas = new double[steps + 1];
    for (int i = 0; i < steps; i++) {
      double ramp = steps == 1 ? 0 : (double) i / (steps - 1);
      sigmas[i] = at(ramp, sigmaMin, sigmaMax);
    }
    return sigmas;
  }

  /** The level at {@code ramp}, which rises from 0 at sigma_max to 1 at sigma_min. */
  double at(double ramp, double sigmaMin, double sigmaMax);

  /**
   * Evenly spaced in sigma^(1/rho) (Karras et al. 2022, eq. 5).
   *
   * @param rho 7 in the paper; larger values put more steps at low noise
   */
  record Karras(double rho) implements SigmaSchedule {
    public Karras {
      requirePositive("rho", rho);
    }

    @Override
    public double at(double ramp, double sigmaMin, double sigmaMax) {
      double low = Math.pow(sigmaMin, 1 / rho);
      double high = Math.pow(sigmaMax, 1 / rho);
      return Math.pow(high + ramp * (low - high), rho);
    }
  }

  /** Evenly spaced in log sigma. */
  record Exponential() implements SigmaSchedule {
    @Override
    public double at(double ramp, double sigmaMin, double sigmaMax) {
      return new PolyExponential(1).at(ramp, sigmaMin, sigmaMax);
    }
  }

  /**
   * log sigma falls as the power rho of a straight line.
   *
   * @param rho 1 is the exponential schedule; above 1 more steps are at low noise
   */
  record PolyExponential(double rho) implements SigmaSchedule {
    public PolyExponential {
      requirePositive("rho", rho);
    }

    @Override
    public double at(double ramp, double sigmaMin, double sigmaMax) {
      double low = Math.log(sigmaMin);
      double high = Math.log(sigmaMax);
      return Math.exp(Math.pow(1 - ramp, rho) * (high - low) + low);
    }
  }

  /**
   * The continuous variance-preserving schedule {@code sigma(t) = sqrt(exp(beta_d t^2 / 2 +
   * beta_min t) - 1)}, t from 1 to eps_s (Song et al., "Score-based generative modeling through
   * stochastic differential equations", 2021; Karras et al. 2022, table 1). It has a range of its
   * own: sigma_min and sigma_max do not move it.
   */
  record Vp(double betaD, double betaMin, double epsS) implements SigmaSchedule {
    public Vp {
      requirePositive("beta_d", betaD);
      requirePositive("beta_min", betaMin);
      requirePositive("eps_s", epsS);
      if (epsS >= 1) {
        throw new InputException("eps_s of the vp schedule must be below 1, not " + epsS + ".");
      }
    }

    @Override
    public double at(double ramp, double sigmaMin, double sigmaMax) {
      double t = 1 + ramp * (epsS - 1);
      // expm1: at t = eps_s the exponential is 1.0001, and a plain difference loses four digits.
      return Math.sqrt(Math.expm1(betaD * t * t / 2 + betaMin * t));
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new InputException(
          "%s of a sigma schedule must be a positive number, not %s.".formatted(name, value));
    }
  }

  /**
   * A schedule from its name, with its parameters after colons where it has any: {@code karras},
   * {@code karras:5}, {@code exponential}, {@code polyexponential:1.5}, {@code vp}, {@code
   * vp:19.9:0.1:1e-3}.
   *
   * @throws InputException if there is no such schedule or a parameter is not a positive number
   */
  static SigmaSchedule parse(String text) {
    return SigmaScheduleParser.parse(text);
  }
}
