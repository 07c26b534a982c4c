package dev.hourglass.kernels.block;

/** The normal distribution in double, for tests. */
final class NormalDistribution {

  private NormalDistribution() {}

  static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** Phi(x), to about 1e-15 of itself: a series near 0, a continued fraction in the tails. */
  static double cumulative(double x) {
    if (Math.abs(x) < 3) {
      // Phi(x) = 1/2 + density(x) (x + x^3/3 + x^5/15 + ...); beyond that it loses digits below.
      double term = x;
      double sum = x;
      for (int n = 3; n < 200; n += 2) {
        term *= x * x / n;
        sum += term;
      }
      return 0.5 + density(x) * sum;
    }
    return x < 0 ? upperTail(-x) : 1 - upperTail(x);
  }

  /** {@code Phi(-x) = density(x) / (x + 1/(x + 2/(x + 3/(x + ...))))}. */
  private static double upperTail(double x) {
    double fraction = x;
    for (int n = 200; n >= 1; n--) {
      fraction = x + n / fraction;
    }
    return density(x) / fraction;
  }
}
