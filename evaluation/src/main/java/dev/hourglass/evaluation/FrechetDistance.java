package dev.hourglass.evaluation;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The Fréchet distance between Gaussians fitted to two sets of features; with Inception features,
 * FID (Heusel et al., "GANs trained by a two time-scale update rule converge to a local Nash
 * equilibrium", 2017, eq. 6):
 *
 * <pre>
 *   |m_a - m_b|^2 + tr(C_a + C_b - 2 (C_a^(1/2) C_b C_a^(1/2))^(1/2))
 * </pre>
 *
 * Covariances are the unbiased ones, in double precision throughout, plus epsilon times the
 * identity: published figures have none, the authors' code adds {@value #RIDGE}. The distance is
 * biased upwards in small samples: compare only figures from equally many.
 */
public final class FrechetDistance {

  /** What the authors' code adds to the variances. */
  public static final double RIDGE = 1e-8;

  private static final int ROWS_AT_ONCE = 4096;

  private FrechetDistance() {}

  /**
   * The distance between two sets of features, with {@link #RIDGE}.
   *
   * @param a [samples, features], at least two samples
   * @param b [samples, features], as many features as {@code a}
   * @throws InputException if the shapes do not fit or a feature is not finite
   */
  public static double between(Tensor a, Tensor b) {
    Features.check(a, b, "The Fréchet distance");
    double[] result = new double[1];
    Scope.run(() -> result[0] = distance(Features.doubles(a), Features.doubles(b)));
    return result[0];
  }

  /** The same for rows of features. */
  public static double between(double[][] a, double[][] b) {
    double[] result = new double[1];
    Scope.run(() -> result[0] = between(Features.ofRows(a), Features.ofRows(b)));
    return result[0];
  }

  /**
   * The distance between two sets of which mean and covariance are known.
   *
   * @param epsilon added to the variances, at least 0
   * @throws InputException if they are of different numbers of features
   */
  public static double between(Gaussian a, Gaussian b, double epsilon) {
    if (a.features() != b.features()) {
      throw new InputException(
          "The Fréchet distance compares features of one kind, but one side has %d numbers an image and the other %d."
              .formatted(a.features(), b.features()));
    }
    double[] result = new double[1];
    Scope.run(
        () ->
            result[0] = distance(mean(a), covariance(a, epsilon), mean(b), covariance(b, epsilon)));
    return result[0];
  }

  /**
   * The distance of images to a reference, with its standard error by the bootstrap of the images.
   *
   * @param reference {@code [m, d]}
   * @param images {@code [n, d]}
   * @param epsilon added to the variances, at least 0
   */
  public static Estimate estimate(
      Tensor reference, Tensor images, double epsilon, Resamples resamples) {
    Features.check(reference, images, "The Fréchet distance");
    Estimate[] result = new Estimate[1];
    Scope.run(
        () -> {
          Tensor r = Features.doubles(reference);
          Tensor x = Features.doubles(images);
          double value =
              distance(r.mean(0), covariance(r, epsilon), x.mean(0), covariance(x, epsilon));
          Resampled resampled = new Resampled(r, x, epsilon);
          OptionalDouble error =
              Resampling.BOOTSTRAP.standardError(
                  Math.toIntExact(x.size(0)), resamples, resampled::distance);
          result[0] = new Estimate(value, error);
        });
    return result[0];
  }

  private static double distance(Tensor a, Tensor b) {
    return distance(a.mean(0), covariance(a, RIDGE), b.mean(0), covariance(b, RIDGE));
  }

  private static double distance(
      Tensor meanA, Tensor covarianceA, Tensor meanB, Tensor covarianceB) {
    double means = meanA.sub(meanB).square().sum().item_double();
    Tensor root = squareRoot(covarianceA);
    Tensor product = root.matmul(covarianceB).matmul(root);
    double cross = eigen(product).get0().abs().sqrt().sum().item_double();
    return means + trace(covarianceA) + trace(covarianceB) - 2 * cross;
  }

  private static Tensor mean(Gaussian gaussian) {
    return Tensors.ofDoubles(gaussian.mean(), gaussian.features());
  }

  private static Tensor covariance(Gaussian gaussian, double epsilon) {
    Tensor covariance =
        Tensors.ofDoubles(gaussian.covariance(), gaussian.features(), gaussian.features());
    covariance.diagonal().add_(new Scalar(epsilon));
    return covariance;
  }

  /** [features, features]. */
  private static Tensor covariance(Tensor features, double epsilon) {
    Tensor centred = features.sub(features.mean(0));
    Tensor covariance = centred.t().matmul(centred).div(new Scalar(features.size(0) - 1.0));
    covariance.diagonal().add_(new Scalar(epsilon));
    return covariance;
  }

  /** The symmetric root V |L|^(1/2) V^T of a symmetric matrix V L V^T. */
  private static Tensor squareRoot(Tensor matrix) {
    T_TensorTensor_T eigen = eigen(matrix);
    Tensor vectors = eigen.get1();
    return vectors.mul(eigen.get0().abs().sqrt()).matmul(vectors.t());
  }

  private static T_TensorTensor_T eigen(Tensor matrix) {
    return torch.linalg_eigh(matrix);
  }

  private static double trace(Tensor matrix) {
    return matrix.trace().item_double();
  }

  /**
   * The distance of weighted images. With R the root of the reference's covariance, all that a
   * resample needs are the weighted sums of x, |x|^2 and (x R)^T (x R): one product and the
   * eigenvalues of one matrix.
   */
  private static final class Resampled {

    private final double epsilon;
    private final Tensor referenceMean; // [d], less the images' mean, as all below
    private final double referenceTrace;
    private final Tensor images; // [n, d]
    private final Tensor rotated; // [n, d]: x R
    private final Tensor ridge; // [d, d]: what epsilon adds to R C R
    private final Tensor squares; // [n]: |x|^2

    Resampled(Tensor reference, Tensor images, double epsilon) {
      this.epsilon = epsilon;
      Tensor mean = images.mean(0);
      Tensor covariance = covariance(reference, epsilon);
      Tensor root = squareRoot(covariance);
      this.referenceMean = reference.mean(0).sub(mean);
      this.referenceTrace = trace(covariance);
      this.images = images.sub(mean);
      this.rotated = this.images.matmul(root);
      this.ridge = root.matmul(root).mul(new Scalar(epsilon));
      this.squares = this.images.square().sum(1);
    }

    double distance(int[] weights) {
      double[] result = new double[1];
      Scope.run(() -> result[0] = distanceInScope(weights));
      return result[0];
    }

    private double distanceInScope(int[] weights) {
      double n = weights.length;
      Tensor w =
          Tensors.ofDoubles(Arrays.stream(weights).asDoubleStream().toArray(), 1, weights.length);
      Tensor mean = w.matmul(images).div(new Scalar(n)); // [1, d]
      Tensor rotatedMean = w.matmul(rotated).div(new Scalar(n)); // [1, d]
      double spread = w.mul(squares).sum().item_double() - n * mean.square().sum().item_double();
      double trace = spread / (n - 1) + epsilon * images.size(1);
      Tensor product =
          weightedProduct(w)
              .sub(rotatedMean.t().matmul(rotatedMean).mul(new Scalar(n)))
              .div(new Scalar(n - 1))
              .add(ridge);
      double cross = torch.linalg_eigvalsh(product).abs().sqrt().sum().item_double();
      double means = mean.sub(referenceMean).square().sum().item_double();
      return means + referenceTrace + trace - 2 * cross;
    }

    /** {@code [d, d]}, in parts, so that no second copy of all images is needed. */
    private Tensor weightedProduct(Tensor weights) {
      Tensor sum = torch.zeros_like(ridge);
      for (long from = 0; from < rotated.size(0); from += ROWS_AT_ONCE) {
        long start = from;
        long rows = Math.min(ROWS_AT_ONCE, rotated.size(0) - from);
        Scope.run(
            () -> {
              Tensor part = rotated.narrow(0, start, rows);
              sum.addmm_(part.t(), part.mul(weights.narrow(1, start, rows).t()));
            });
      }
      return sum;
    }
  }
}
