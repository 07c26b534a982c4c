package dev.hourglass.config;

import dev.hourglass.json.Require;

/**
 * The factor on the learning rate by step, each with an exponential warm-up {@code 1 - warmup^(step
 * + 1)}. Closed forms, so that resuming needs only the step.
 */
public sealed interface LrSchedule {

  double DEFAULT_POWER = 1;
  double DEFAULT_DECAY = 0.5;

  /** Exponential warm-up, in [0, 1); 0 is none. */
  double warmup();

  /**
   * The factor on every base learning rate at a step, counted from 0.
   *
   * @param step 0 or more
   * @return in [0, 1] unless the schedule grows
   */
  double factor(long step);

  /**
   * Constant after warm-up.
   *
   * @param warmup in [0, 1)
   */
  record Constant(double warmup) implements LrSchedule {
    public Constant {
      Require.belowOne("lr_sched.warmup", warmup);
    }

    @Override
    public double factor(long step) {
      return warmedUp(warmup, step);
    }
  }

  /**
   * {@code (1 + step / invGamma)^-power}.
   *
   * @param invGamma steps after which the factor is {@code 2^-power}, positive
   * @param power positive; 1 by default
   * @param warmup in [0, 1)
   */
  record Inverse(double invGamma, double power, double warmup) implements LrSchedule {
    public Inverse {
      Require.positive("lr_sched.inv_gamma", invGamma);
      Require.positive("lr_sched.power", power);
      Require.belowOne("lr_sched.warmup", warmup);
    }

    @Override
    public double factor(long step) {
      return warmedUp(warmup, step) * Math.pow(1 + step / invGamma, -power);
    }
  }

  /**
   * {@code decay^(step / numSteps)}.
   *
   * @param numSteps steps that multiply the factor by decay, positive
   * @param decay positive; 0.5 by default
   * @param warmup in [0, 1)
   */
  record Exponential(double numSteps, double decay, double warmup) implements LrSchedule {
    public Exponential {
      Require.positive("lr_sched.num_steps", numSteps);
      Require.positive("lr_sched.decay", decay);
      Require.belowOne("lr_sched.warmup", warmup);
    }

    @Override
    public double factor(long step) {
      return warmedUp(warmup, step) * Math.pow(decay, step / numSteps);
    }
  }

  /** The schedule of a config that names none: constant, no warm-up. */
  static LrSchedule defaults() {
    return new Constant(0);
  }

  private static double warmedUp(double warmup, long step) {
    return 1 - Math.pow(warmup, step + 1.0);
  }
}
