package dev.hourglass.config;

import dev.hourglass.json.Require;

/**
 * The decay of the exponential moving average of the weights, with inverse warm-up: {@code
 * min(maxValue, 1 - (1 + step)^-power)}.
 *
 * @param power positive; 2/3 reaches 0.9999 after a million steps, 3/4 after 215 thousand
 * @param maxValue largest decay, in [0, 1]
 */
public record EmaSchedule(double power, double maxValue) {

  static final double DEFAULT_POWER = 0.6667;
  static final double DEFAULT_MAX_VALUE = 0.9999;

  /** Checks the ranges above. */
  public EmaSchedule {
    Require.positive("ema_sched.power", power);
    Require.probability("ema_sched.max_value", maxValue);
  }

  /** The schedule of a config that names none. */
  public static EmaSchedule defaults() {
    return new EmaSchedule(DEFAULT_POWER, DEFAULT_MAX_VALUE);
  }

  /**
   * The decay of the average after the optimiser step {@code step}, counted from 0: {@code average
   * = decay * average + (1 - decay) * weights}.
   */
  public double decay(long step) {
    return Math.min(maxValue, 1 - Math.pow(1.0 + step, -power));
  }
}
