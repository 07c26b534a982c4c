package dev.hourglass.bench.serve;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.statistics.descriptive.Quantile;

/** A quantity over time, and whether it grows. Any number of threads may add to it. */
final class Timeline {

  private static final double MEDIAN = 0.5;

  /** A value at a time in seconds since the start. */
  record Sample(double seconds, double value) {}

  private final List<Sample> samples = new ArrayList<>();

  synchronized void add(double seconds, double value) {
    samples.add(new Sample(seconds, value));
  }

  synchronized List<Sample> samples() {
    return List.copyOf(samples);
  }

  /**
   * The median of the samples in part of the time; NaN if there is none.
   *
   * @param from as a share of the time until {@code end}
   * @param to as a share of it, not included
   */
  double median(double from, double to, double end) {
    double[] values =
        samples().stream()
            .filter(sample -> sample.seconds() >= from * end && sample.seconds() < to * end)
            .mapToDouble(Sample::value)
            .toArray();
    return values.length == 0 ? Double.NaN : Quantile.withDefaults().evaluate(values, MEDIAN);
  }

  /**
   * How much more the last quarter has than the second one, as a share of the second; the first
   * warms up. NaN if either has no samples.
   */
  double growth(double end) {
    double early = median(0.25, 0.5, end);
    return (median(0.75, 1.01, end) - early) / early;
  }

  /** By how much it grows in an hour, from the second quarter to the last. */
  double perHour(double end) {
    return (median(0.75, 1.01, end) - median(0.25, 0.5, end)) / (0.5 * end / 3600);
  }
}
