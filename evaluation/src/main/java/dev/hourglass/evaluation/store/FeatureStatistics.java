package dev.hourglass.evaluation.store;

import dev.hourglass.core.InputException;
import dev.hourglass.evaluation.Gaussian;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Sums over images that mean and covariance follow from: how many, the sum of the features, and the
 * sum of their outer products. Those of two sets, added, are those of both together: on other
 * machines, in any order.
 *
 * <p>Sums are kept in about 106 bits ({@link DoubleDoubles}), and what a part of the images adds is
 * computed around the part's own mean, so rounding is a share of 1e-16 of the features' variances,
 * for means of up to 1e7 deviations.
 */
public final class FeatureStatistics {

  private static final int ROWS_AT_ONCE = 256;

  private long images;
  private final DoubleDoubles sum; // [d]
  private final DoubleDoubles products; // [d, d]

  private FeatureStatistics(long images, DoubleDoubles sum, DoubleDoubles products) {
    this.images = images;
    this.sum = sum;
    this.products = products;
  }

  /** Of no images. */
  public static FeatureStatistics none(int features) {
    return new FeatureStatistics(
        0,
        DoubleDoubles.zeros(features),
        DoubleDoubles.zeros(Math.multiplyExact(features, features)));
  }

  /** Of a set. */
  public static FeatureStatistics of(Tensor features) {
    FeatureStatistics statistics = none(Math.toIntExact(features.size(1)));
    statistics.add(features);
    return statistics;
  }

  static FeatureStatistics of(long images, DoubleDoubles sum, DoubleDoubles products) {
    return new FeatureStatistics(images, sum, products);
  }

  /** How many images were added. */
  public long images() {
    return images;
  }

  /** How many numbers each of them has. */
  public int features() {
    return sum.count();
  }

  /** {@code [d]}. */
  DoubleDoubles sum() {
    return sum;
  }

  /** {@code [d, d]}. */
  DoubleDoubles products() {
    return products;
  }

  /**
   * Adds images.
   *
   * @param features {@code [n, d]}, float64
   */
  public void add(Tensor features) {
    for (long from = 0; from < features.size(0); from += ROWS_AT_ONCE) {
      long start = from;
      long rows = Math.min(ROWS_AT_ONCE, features.size(0) - from);
      Scope.run(() -> addPart(features.narrow(0, start, rows)));
    }
  }

  private void addPart(Tensor part) {
    int d = features();
    double n = part.size(0);
    double[] values = Tensors.toDoubles(part); // [n, d]
    DoubleDoubles own = DoubleDoubles.zeros(d);
    for (int i = 0; i < values.length; i++) {
      own.add(i % d, values[i]);
    }
    // sum x x^T = sum (x - c)(x - c)^T - r r^T / n + s s^T / n, for c near s / n and r = s - n c.
    double[] centre = own.dividedBy(n);
    double[] rest = own.less(n, centre);
    Tensor centred = part.sub(Tensors.ofDoubles(centre, d));
    double[] around = Tensors.toDoubles(centred.t().matmul(centred)); // [d, d]
    for (int i = 0; i < around.length; i++) {
      products.add(i, around[i] - rest[Math.floorDiv(i, d)] * rest[i % d] / n);
    }
    products.addOuter(own, n, 1);
    sum.add(own);
    images += part.size(0);
  }

  /**
   * The statistics of both sets together.
   *
   * @throws InputException if they are of different numbers of features
   */
  public FeatureStatistics plus(FeatureStatistics other) {
    if (features() != other.features()) {
      throw new InputException(
          "Statistics of %d and of %d features cannot be added; take those of one extractor."
              .formatted(features(), other.features()));
    }
    FeatureStatistics both =
        new FeatureStatistics(images + other.images, sum.copy(), products.copy());
    both.sum.add(other.sum);
    both.products.add(other.products);
    return both;
  }

  /**
   * Mean and covariance.
   *
   * @throws InputException for fewer than 2 images
   */
  public Gaussian gaussian() {
    double n = Math.max(2, images); // Fewer are refused below.
    DoubleDoubles centred = products.copy();
    centred.addOuter(sum, n, -1);
    return new Gaussian(images, sum.dividedBy(n), centred.dividedBy(n - 1));
  }
}
