package dev.hourglass.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The nearest neighbours of each image of a set, nearest first.
 *
 * @param indices {@code [n][width]}, in the other set, or in the same one
 * @param distances {@code [n][width]}, squared
 */
@SuppressWarnings("ArrayRecordComponent") // Large, and shared as they are.
record Neighbours(int[][] indices, double[][] distances) {

  private static final int NOBODY = -1;

  /**
   * Neighbours in the same set; an image is not its own.
   *
   * @param set {@code [n, d]}, n above {@code width}
   */
  static Neighbours within(Tensor set, int width) {
    return find(set, set, width, true);
  }

  /**
   * Neighbours in another set.
   *
   * @param others {@code [m, d]}, m at least {@code width}
   */
  static Neighbours between(Tensor images, Tensor others, int width) {
    return find(images, others, width, false);
  }

  private static Neighbours find(Tensor images, Tensor others, int width, boolean notItself) {
    SquaredDistances all = new SquaredDistances(images, others);
    int n = Math.toIntExact(images.size(0));
    int m = Math.toIntExact(others.size(0));
    int[][] indices = new int[n][];
    double[][] distances = new double[n][];
    all.forEachRow(
        (row, block, start) -> {
          int[] nearest = nearest(block, start, m, width, notItself ? row : NOBODY);
          double[] exact = Arrays.stream(nearest).mapToDouble(j -> all.exact(row, j)).toArray();
          // Rounding may have put neighbours at nearly one distance in the wrong order.
          int[] order =
              IntStream.range(0, width)
                  .boxed()
                  .sorted(Comparator.comparingDouble(i -> exact[i]))
                  .mapToInt(Integer::intValue)
                  .toArray();
          indices[row] = Arrays.stream(order).map(i -> nearest[i]).toArray();
          distances[row] = Arrays.stream(order).mapToDouble(i -> exact[i]).toArray();
        });
    return new Neighbours(indices, distances);
  }

  /** The columns of the smallest distances, by insertion: hardly any gets that far. */
  private static int[] nearest(double[] block, int start, int columns, int width, int excluded) {
    int[] nearest = new int[width];
    double[] near = new double[width];
    Arrays.fill(near, Double.POSITIVE_INFINITY);
    for (int j = 0; j < columns; j++) {
      double distance = block[start + j];
      if (distance >= near[width - 1] || j == excluded) {
        continue;
      }
      int at = width - 1;
      for (; at > 0 && near[at - 1] > distance; at--) {
        near[at] = near[at - 1];
        nearest[at] = nearest[at - 1];
      }
      near[at] = distance;
      nearest[at] = j;
    }
    return nearest;
  }
}
