package dev.hourglass.evaluation.store;

import java.util.Arrays;

/**
 * Many sums at once, each the unevaluated sum of two doubles, about 106 bits (Dekker 1971; Hida, Li
 * and Bailey 2001): added up in another order they differ by about 1e-32 of the terms.
 */
final class DoubleDoubles {

  private final double[] high;
  private final double[] low;

  private DoubleDoubles(double[] high, double[] low) {
    this.high = high;
    this.low = low;
  }

  static DoubleDoubles zeros(int count) {
    return new DoubleDoubles(new double[count], new double[count]);
  }

  static DoubleDoubles of(double[] high, double[] low) {
    return new DoubleDoubles(high, low);
  }

  DoubleDoubles copy() {
    return new DoubleDoubles(high.clone(), low.clone());
  }

  int count() {
    return high.length;
  }

  double[] high() {
    return high;
  }

  double[] low() {
    return low;
  }

  void add(int i, double value) {
    add(i, value, 0);
  }

  /** Adds {@code more + rest}. */
  void add(int i, double more, double rest) {
    double sum = high[i] + more;
    double part = sum - high[i];
    double error = (high[i] - (sum - part)) + (more - part) + (low[i] + rest);
    high[i] = sum + error;
    low[i] = error - (high[i] - sum);
  }

  void add(DoubleDoubles others) {
    for (int i = 0; i < high.length; i++) {
      add(i, others.high[i], others.low[i]);
    }
  }

  /**
   * Adds {@code sign * sums sums^T / n}.
   *
   * @param sums {@code [d]} for {@code [d, d]} here
   * @param sign 1 or -1
   */
  void addOuter(DoubleDoubles sums, double n, int sign) {
    int d = sums.high.length;
    for (int p = 0; p < d; p++) {
      double x = sign * sums.high[p];
      double xLow = sign * sums.low[p];
      for (int q = 0; q < d; q++) {
        double product = x * sums.high[q];
        double rest = Math.fma(x, sums.high[q], -product) + (x * sums.low[q] + xLow * sums.high[q]);
        double quotient = product / n;
        double more = (Math.fma(-quotient, n, product) + rest) / n;
        add(p * d + q, quotient, more);
      }
    }
  }

  /** The sums divided by a number. */
  double[] dividedBy(double n) {
    double[] values = new double[high.length];
    Arrays.setAll(values, i -> (high[i] + low[i]) / n);
    return values;
  }

  /** The sums less {@code n * values}. */
  double[] less(double n, double[] values) {
    double[] rest = new double[high.length];
    Arrays.setAll(
        rest,
        i -> {
          double product = n * values[i];
          return (high[i] - product) + (low[i] - Math.fma(n, values[i], -product));
        });
    return rest;
  }
}
