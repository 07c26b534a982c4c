package dev.hourglass.diffusion;

import dev.hourglass.core.InputException;
import java.util.List;
import java.util.stream.DoubleStream;

/** The noise levels that a sampler visits, from high to low and then 0. */
public sealed interface SigmaSchedule {

  List<String> NAMES = List.of("karras", "exponential", "polyexponential", "vp", "flow");

  /**
   * The grid of a run.
   *
   * @param steps at least 1
   * @return {@code steps + 1} levels, decreasing, the last one 0
   * @throws InputException if the schedule has no grid of so many steps
   */
  double[] sigmas(int steps, NoiseRange range);

  /** A schedule that has a formula, and so any number of steps. */
  sealed interface Curve extends SigmaSchedule {

    @Override
    default double[] sigmas(int steps, NoiseRange range) {
      if (steps < 1) {
        throw new InputException("A sampler needs at least 1 step, not " + steps + ".");
      }
      double[] sigmas = new double[steps + 1];
      for (int i = 0; i < steps; i++) {
        double ramp = steps == 1 ? 0 : (double) i / (steps - 1);
        sigmas[i] = at(ramp, range);
      }
      return sigmas;
    }

    /** The level at {@code ramp}, which rises from 0 at sigma_max to 1 at sigma_min. */
    double at(double ramp, NoiseRange range);
  }

  /**
   * Evenly spaced in sigma^(1/rho) (Karras et al. 2022, eq. 5).
   *
   * @param rho 7 in the paper; larger values put more steps at low noise
   */
  record Karras(double rho) implements Curve {
    public Karras {
      requirePositive("rho", rho);
    }

    @Override
    public double at(double ramp, NoiseRange range) {
      double low = Math.pow(range.min(), 1 / rho);
      double high = Math.pow(range.max(), 1 / rho);
      return Math.pow(high + ramp * (low - high), rho);
    }
  }

  /** Evenly spaced in log sigma. */
  record Exponential() implements Curve {
    @Override
    public double at(double ramp, NoiseRange range) {
      return new PolyExponential(1).at(ramp, range);
    }
  }

  /**
   * log sigma falls as the power rho of a straight line.
   *
   * @param rho 1 is the exponential schedule; above 1 more steps are at low noise
   */
  record PolyExponential(double rho) implements Curve {
    public PolyExponential {
      requirePositive("rho", rho);
    }

    @Override
    public double at(double ramp, NoiseRange range) {
      double low = Math.log(range.min());
      double high = Math.log(range.max());
      return Math.exp(Math.pow(1 - ramp, rho) * (high - low) + low);
    }
  }

  /**
   * The continuous variance-preserving schedule {@code sigma(t) = sqrt(exp(beta_d t^2 / 2 +
   * beta_min t) - 1)}, t from 1 to eps_s (Song et al., "Score-based generative modeling through
   * stochastic differential equations", 2021; Karras et al. 2022, table 1). It has a range of its
   * own: sigma_min and sigma_max do not move it.
   */
  record Vp(double betaD, double betaMin, double epsS) implements Curve {
    public Vp {
      requirePositive("beta_d", betaD);
      requirePositive("beta_min", betaMin);
      requirePositive("eps_s", epsS);
      if (epsS >= 1) {
        throw new InputException("eps_s of the vp schedule must be below 1, not " + epsS + ".");
      }
    }

    @Override
    public double at(double ramp, NoiseRange range) {
      double t = 1 + ramp * (epsS - 1);
      // expm1: at t = eps_s the exponential is 1.0001, and a plain difference loses four digits.
      return Math.sqrt(Math.expm1(betaD * t * t / 2 + betaMin * t));
    }
  }

  /**
   * Evenly spaced in the time t of flow matching, {@code sigma = shift s (1 - t) / t} with the
   * noise scale s: Euler's method on it is that of flow matching.
   *
   * @param shift above 1 puts more steps at high noise (Esser et al., "Scaling rectified flow
   *     transformers", 2024, section 5.3.2)
   */
  record Flow(double shift) implements Curve {
    public Flow {
      requirePositive("shift", shift);
    }

    @Override
    public double at(double ramp, NoiseRange range) {
      double first = time(range.max(), range);
      double last = time(range.min(), range);
      double t = first + ramp * (last - first);
      return shift * range.noiseScale() * (1 - t) / t;
    }

    private double time(double sigma, NoiseRange range) {
      return range.noiseScale() / (range.noiseScale() + sigma / shift);
    }
  }

  /**
   * Levels chosen one by one, whatever the range of the model.
   *
   * @param levels decreasing, above 0; the 0 at the end is not among them
   */
  record Listed(List<Double> levels) implements SigmaSchedule {
    public Listed {
      levels = List.copyOf(levels);
      if (levels.isEmpty()) {
        throw new InputException("A list of noise levels needs at least one.");
      }
      double before = Double.POSITIVE_INFINITY;
      for (double level : levels) {
        if (!(level > 0 && level < before)) {
          throw new InputException(
              "Noise levels must fall from a finite one and stay above 0 (the 0 at the end is understood), but one of them is %s."
                  .formatted(level));
        }
        before = level;
      }
    }

    @Override
    public double[] sigmas(int steps, NoiseRange range) {
      if (steps != levels.size()) {
        throw new InputException(
            "The list has %d noise levels, which make as many steps, not %d."
                .formatted(levels.size(), steps));
      }
      return DoubleStream.concat(
              levels.stream().mapToDouble(Double::doubleValue), DoubleStream.of(0))
          .toArray();
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
   * vp:19.9:0.1:1e-3}, {@code flow}, {@code flow:3}.
   *
   * @throws InputException if there is no such schedule or a parameter is not a positive number
   */
  static SigmaSchedule parse(String text) {
    return SigmaScheduleParser.parse(text);
  }
}
