package dev.hourglass.bench.serve;

import java.util.List;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.Quantile.EstimationMethod;

/**
 * How long requests took.
 *
 * @param count of requests
 * @param p50 seconds that half of them took at most; NaN if there is none
 * @param p95 seconds that 95% of them took at most
 * @param p99 seconds that 99% of them took at most
 * @param slowest seconds of the slowest
 */
public record Latencies(int count, double p50, double p95, double p99, double slowest) {

  /** Between the two nearest times, as most programs do it (type 7 of Hyndman and Fan, 1996). */
  private static final Quantile QUANTILE = Quantile.withDefaults().with(EstimationMethod.HF7);

  /** Of times in seconds, in any order. */
  public static Latencies of(List<Double> seconds) {
    if (seconds.isEmpty()) {
      return new Latencies(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
    double[] values = seconds.stream().mapToDouble(Double::doubleValue).toArray();
    double[] quantiles = QUANTILE.evaluate(values, 0.5, 0.95, 0.99, 1);
    return new Latencies(values.length, quantiles[0], quantiles[1], quantiles[2], quantiles[3]);
  }
}
