package dev.hourglass.study.result;

import java.util.ArrayList;
import java.util.List;

/**
 * A quantity over the steps, thinned to what a chart can show.
 *
 * @param steps the last step of each window, or the steps at which it was measured
 * @param values the mean over the window, or what was measured; as many
 */
public record Curve(List<Long> steps, List<Double> values) {

  private static final int MOST_WINDOWS = 200;

  /** Copies the lists. */
  public Curve {
    steps = List.copyOf(steps);
    values = List.copyOf(values);
    if (steps.size() != values.size()) {
      throw new IllegalArgumentException(
          "%d steps and %d values".formatted(steps.size(), values.size()));
    }
  }

  /**
   * Means over windows of steps. Their length is a power of two, so that the windows of runs of
   * about the same length end at the same steps; steps after the last whole window are left out.
   */
  public static Curve ofMeans(double[] perStep) {
    int window = 1;
    while (perStep.length / window > MOST_WINDOWS) {
      window *= 2;
    }
    List<Long> steps = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int end = window; end <= perStep.length; end += window) {
      double sum = 0;
      for (int i = end - window; i < end; i++) {
        sum += perStep[i];
      }
      steps.add((long) end);
      values.add(sum / window);
    }
    return new Curve(steps, values);
  }

  /** What was measured at some of the steps, NaN standing for the others. */
  public static Curve ofMeasured(double[] perStep) {
    List<Long> steps = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < perStep.length; i++) {
      if (!Double.isNaN(perStep[i])) {
        steps.add(i + 1L);
        values.add(perStep[i]);
      }
    }
    return new Curve(steps, values);
  }
}
