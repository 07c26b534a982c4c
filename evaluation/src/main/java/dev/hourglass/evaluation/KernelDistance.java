package dev.hourglass.evaluation;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The squared maximum mean discrepancy between two sets of features with the cubic kernel {@code
 * k(x, y) = (x.y / d + 1)^3}, d the number of features; with Inception features, KID (Bińkowski et
 * al., "Demystifying MMD GANs", 2018, section 4). The estimate is unbiased, so it may be slightly
 * negative. Large sets are divided in order into parts of at most {@value #LARGEST_PART} samples,
 * and the mean over the parts is taken.
 */
public final class KernelDistance {

  private static final int LARGEST_PART = 5000;

  private KernelDistance() {}

  /**
   * The distance between two sets of features.
   *
   * @param a [samples, features], at least two samples, in random order
   * @param b [samples, features], as many features as {@code a}, in random order
   * @throws InputException if the shapes do not fit, a feature is not finite, or one set is so much
   *     larger than the other that a part of the smaller has fewer than two samples
   */
  public static double between(Tensor a, Tensor b) {
    long parts = parts(a, b);
    double[] sum = new double[1];
    for (long part = 0; part < parts; part++) {
      long index = part;
      Scope.run(() -> sum[0] += squaredDiscrepancy(part(a, index, parts), part(b, index, parts)));
    }
    return sum[0] / parts;
  }

  private static long parts(Tensor a, Tensor b) {
    Features.check(a, b, "The kernel distance");
    long larger = Math.max(a.size(0), b.size(0));
    long smaller = Math.min(a.size(0), b.size(0));
    long parts = (larger + LARGEST_PART - 1) / LARGEST_PART;
    if (smaller < 2 * parts) {
      throw new InputException(
          "The kernel distance divides %d samples into %d parts, but the other side has only %d, fewer than 2 a part; use more of them."
              .formatted(larger, parts, smaller));
    }
    return parts;
  }

  /**
   * The distance of images to a reference, with its standard error over drawings of other images:
   * analytic, the jackknife of the estimate, in closed form. For a fixed reference the estimate is
   * but for a constant the U-statistic of {@code h(y, y') = k(y, y') - g(y) - g(y')}, g the mean
   * kernel with the reference; without one image it is {@code (S - 2 r) / ((n - 1)(n - 2))}, S the
   * sum of h over all pairs and r that of the image's.
   *
   * @param reference {@code [m, d]}, in random order
   * @param images {@code [n, d]}, in random order
   * @return without an error for fewer than 3 images a part
   * @throws InputException as {@link #between(Tensor, Tensor)} does
   */
  public static Estimate estimate(Tensor reference, Tensor images) {
    double value = between(reference, images);
    long parts = parts(reference, images);
    if (images.size(0) < 3 * parts) {
      return new Estimate(value, OptionalDouble.empty());
    }
    double[] variance = new double[1];
    for (long part = 0; part < parts; part++) {
      long index = part;
      Scope.run(
          () -> variance[0] += variance(part(reference, index, parts), part(images, index, parts)));
    }
    return new Estimate(value, OptionalDouble.of(Math.sqrt(variance[0]) / parts));
  }

  /** The jackknife's variance of the discrepancy over choices of {@code images}. */
  private static double variance(Tensor reference, Tensor images) {
    Tensor among = kernel(images, images);
    double[] rows = Tensors.toDoubles(among.sum(1).sub(among.diagonal()));
    double[] across = Tensors.toDoubles(kernel(images, reference).mean(1));
    double n = rows.length;
    double allAcross = Arrays.stream(across).sum();
    double[] sums = new double[rows.length]; // r: h of an image with all others
    for (int i = 0; i < rows.length; i++) {
      sums[i] = rows[i] - (n - 1) * across[i] - (allAcross - across[i]);
    }
    double all = Arrays.stream(sums).sum();
    double mean = all / (n * (n - 1));
    return (n - 1)
        / n
        * Arrays.stream(sums)
            .map(sum -> (all - 2 * sum) / ((n - 1) * (n - 2)) - mean)
            .map(difference -> difference * difference)
            .sum();
  }

  /** The same for rows of features. */
  public static double between(double[][] a, double[][] b) {
    double[] result = new double[1];
    Scope.run(() -> result[0] = between(Features.ofRows(a), Features.ofRows(b)));
    return result[0];
  }

  private static Tensor part(Tensor features, long index, long parts) {
    long start = boundary(features, index, parts);
    long length = boundary(features, index + 1, parts) - start;
    return Features.doubles(features.narrow(0, start, length));
  }

  /** Rounded half to even, as the published figures' code does. */
  private static long boundary(Tensor features, long index, long parts) {
    return (long) Math.rint((double) (index * features.size(0)) / parts);
  }

  private static double squaredDiscrepancy(Tensor a, Tensor b) {
    double m = a.size(0);
    double n = b.size(0);
    double across = kernel(a, b).sum().item_double();
    return offDiagonalSum(kernel(a, a)) / (m * (m - 1))
        + offDiagonalSum(kernel(b, b)) / (n * (n - 1))
        - 2 * across / (m * n);
  }

  private static Tensor kernel(Tensor a, Tensor b) {
    Tensor base = a.matmul(b.t()).div(new Scalar((double) a.size(1))).add(new Scalar(1.0));
    return base.square().mul(base);
  }

  private static double offDiagonalSum(Tensor kernel) {
    return kernel.sum().item_double() - kernel.trace().item_double();
  }
}
