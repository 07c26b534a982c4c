package dev.hourglass.study.statistics;

import java.util.Optional;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.TTest;

/**
 * How much a variant's values lie above the baseline's, seed by seed.
 *
 * @param n pairs
 * @param mean of the differences
 * @param test what they say of the true difference; empty for a single pair
 */
public record PairedDifference(int n, double mean, Optional<Test> test) {

  private static final double LEVEL = 0.95;

  /**
   * Student's paired t-test: right where the differences are about normal.
   *
   * @param low lower end of the 95% interval of the true difference
   * @param high its upper end
   * @param p the probability of a difference at least as large, either way, if there were none
   */
  public record Test(double low, double high, double p) {}

  /**
   * Compares two lists of the same seeds.
   *
   * @param variant at least one value
   * @param baseline as many
   */
  public static PairedDifference of(double[] variant, double[] baseline) {
    double[] differences = new double[variant.length];
    for (int i = 0; i < variant.length; i++) {
      differences[i] = variant[i] - baseline[i];
    }
    Summary summary = Summary.of(differences);
    return new PairedDifference(
        summary.n(),
        summary.mean(),
        summary.deviation().isEmpty()
            ? Optional.empty()
            : Optional.of(
                test(summary.mean(), summary.deviation().getAsDouble(), variant, baseline)));
  }

  private static Test test(double mean, double deviation, double[] variant, double[] baseline) {
    if (deviation == 0) {
      // The statistic is 0/0 for variants that are the same to the bit, which differ in nothing.
      return new Test(mean, mean, mean == 0 ? 1 : 0);
    }
    int n = variant.length;
    double quantile = TDistribution.of(n - 1).inverseCumulativeProbability((1 + LEVEL) / 2);
    double half = quantile * deviation / Math.sqrt(n);
    double p = TTest.withDefaults().pairedTest(variant, baseline).getPValue();
    return new Test(mean - half, mean + half, p);
  }
}
