package dev.hourglass.evaluation;

import dev.hourglass.tensor.Scope;
import java.util.Arrays;

/**
 * The real image nearest to each of a set, by the Euclidean distance of their features: copies of
 * training images show as pairs much nearer to each other than real images are among themselves.
 *
 * @param indices {@code [n]}: the real image nearest to each
 * @param distances {@code [n]}
 * @param medianReal of the distances from each real image to the nearest other one; 0 for a single
 */
@SuppressWarnings("ArrayRecordComponent") // Plain buffers, passed on without copies.
public record NearestImages(int[] indices, double[] distances, double medianReal) {

  /** Looks for them. */
  public static NearestImages find(FeatureSet real, FeatureSet images) {
    NearestImages[] result = new NearestImages[1];
    Scope.run(
        () -> {
          Neighbours nearest = Neighbours.between(images.features(), real.features(), 1);
          double[] among =
              real.images() < 2
                  ? new double[1]
                  : firsts(Neighbours.within(real.features(), 1).distances());
          result[0] =
              new NearestImages(
                  Arrays.stream(nearest.indices()).mapToInt(row -> row[0]).toArray(),
                  firsts(nearest.distances()),
                  median(among));
        });
    return result[0];
  }

  /** Of the distances from each image to the nearest real one. */
  public double median() {
    return median(distances);
  }

  private static double[] firsts(double[][] squares) {
    return Arrays.stream(squares).mapToDouble(row -> Math.sqrt(row[0])).toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
