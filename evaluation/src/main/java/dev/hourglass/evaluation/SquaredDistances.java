package dev.hourglass.evaluation;

import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Squared Euclidean distances between the rows of two matrices, a few rows at a time: {@code |x|^2
 * + |y|^2 - 2 x.y} by one product, and where rounding could turn a comparison, the sum of squared
 * differences, in which equal rows give equal numbers wherever they stand.
 */
final class SquaredDistances {

  /** Distances in memory at once: 32 MB. */
  private static final long MOST = 4 << 20;

  /** Above what the product is off by, a share of |x|^2 + |y|^2: d 2^-53 for d up to 4500. */
  private static final double ROUNDING = 1e-12;

  private final Tensor rows; // [n, d], centred
  private final Tensor columns; // [m, d], centred
  private final double[] rowNorms;
  private final double[] columnNorms;
  private final int features;

  /** Distances between two sets; tensors are made in the caller's scope. */
  SquaredDistances(Tensor rows, Tensor columns) {
    Tensor origin = columns.mean(0); // Smaller norms lose less.
    this.rows = rows.sub(origin).contiguous();
    this.columns = columns.sub(origin).contiguous();
    this.rowNorms = Tensors.toDoubles(this.rows.square().sum(1));
    this.columnNorms = Tensors.toDoubles(this.columns.square().sum(1));
    this.features = Math.toIntExact(rows.size(1));
  }

  /** Hears of a row. */
  @FunctionalInterface
  interface RowListener {

    /**
     * A row is there.
     *
     * @param distances row-major, of several rows
     * @param start where this row's begin
     */
    void row(int row, double[] distances, int start);
  }

  /** Computes all distances, in the order of the rows. */
  void forEachRow(RowListener listener) {
    int n = rowNorms.length;
    int m = columnNorms.length;
    int atOnce = Math.clamp(MOST / m, 1, n);
    for (int from = 0; from < n; from += atOnce) {
      int first = from;
      int count = Math.min(atOnce, n - from);
      double[][] block = new double[1][];
      Scope.run(
          () ->
              block[0] =
                  Tensors.toDoubles(
                      rows.narrow(0, first, count)
                          .matmul(columns.t())
                          .mul(new Scalar(-2.0)))); // [count, m]
      double[] distances = block[0];
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < m; j++) {
          int at = i * m + j;
          distances[at] = Math.max(0, distances[at] + rowNorms[first + i] + columnNorms[j]);
        }
        listener.row(first + i, distances, i * m);
      }
    }
  }

  /** The sum of squared differences. */
  double exact(int row, int column) {
    MemorySegment x = Tensors.bytes(rows);
    MemorySegment y = Tensors.bytes(columns);
    double sum = 0;
    for (int i = 0; i < features; i++) {
      double difference =
          x.getAtIndex(ValueLayout.JAVA_DOUBLE, (long) row * features + i)
              - y.getAtIndex(ValueLayout.JAVA_DOUBLE, (long) column * features + i);
      sum += difference * difference;
    }
    return sum;
  }

  /**
   * Compares a distance with an exact one.
   *
   * @param distance of that row and column, as {@link #forEachRow} tells it
   * @return below 0, 0 or above 0 as the distance is smaller, equal or larger
   */
  int compare(int row, int column, double distance, double with) {
    double doubt = ROUNDING * (rowNorms[row] + columnNorms[column]);
    return Math.abs(distance - with) > doubt
        ? Double.compare(distance, with)
        : Double.compare(exact(row, column), with);
  }
}
