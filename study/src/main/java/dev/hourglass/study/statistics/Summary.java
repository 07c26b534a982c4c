package dev.hourglass.study.statistics;

import java.util.OptionalDouble;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.StandardDeviation;

/**
 * Mean and spread of a quantity over seeds.
 *
 * @param deviation the sample's, with n - 1; empty for a single seed
 */
public record Summary(int n, double mean, OptionalDouble deviation) {

  /**
   * Of values, at least one.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Summary of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    return new Summary(
        values.length,
        Mean.of(values).getAsDouble(),
        values.length == 1
            ? OptionalDouble.empty()
            : OptionalDouble.of(StandardDeviation.of(values).getAsDouble()));
  }
}
