package dev.hourglass.evaluation;

import dev.hourglass.core.random.RandomStream;
import java.util.Arrays;

/** Features to compare. */
final class Sets {

  private Sets() {}

  /** Independent normal numbers, {@code [rows][columns]}. */
  static double[][] normal(long purpose, int rows, int columns, double mean, double scale) {
    RandomStream stream = RandomStream.of(11, purpose);
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      Arrays.setAll(row, i -> mean + scale * stream.nextGaussian());
    }
    return values;
  }

  /** The points of a square of whole numbers. */
  static double[][] grid(int side, int from) {
    double[][] points = new double[side * side][];
    Arrays.setAll(
        points, i -> new double[] {from + Math.floorDiv(i, side), from + Math.floorMod(i, side)});
    return points;
  }

  static double[][] moved(double[][] points, double by) {
    return Arrays.stream(points)
        .map(row -> Arrays.stream(row).map(x -> x + by).toArray())
        .toArray(double[][]::new);
  }
}
