package dev.hourglass.study.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's step-down correction ("A simple sequentially rejective multiple test procedure", 1979):
 * whoever rejects all hypotheses whose corrected p is at most a level errs in any of them with at
 * most that probability, however the tests depend on each other.
 */
public final class Holm {

  private Holm() {}

  /**
   * Corrected probabilities: the i-th smallest of m, times m - i + 1, at least the one before it
   * and at most 1.
   *
   * @param p each in [0, 1]
   * @return in the same order
   */
  public static double[] correct(double... p) {
    List<Integer> order =
        IntStream.range(0, p.length).boxed().sorted(Comparator.comparingDouble(i -> p[i])).toList();
    double[] corrected = new double[p.length];
    double least = 0;
    for (int i = 0; i < p.length; i++) {
      int index = order.get(i);
      least = Math.max(least, Math.min(1, (p.length - i) * p[index]));
      corrected[index] = least;
    }
    return corrected;
  }
}
