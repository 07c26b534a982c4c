package dev.hourglass.evaluation;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Scope;
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
 * Covariances are the unbiased ones plus 1e-8 of the identity, in double precision throughout. The
 * distance is biased upwards in small samples: compare only figures from equally many.
 */
public final class FrechetDistance {

  private static final double RIDGE = 1e-8;

  private FrechetDistance() {}

  /**
   * The distance between two sets of features.
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

  private static double distance(Tensor a, Tensor b) {
    double means = a.mean(0).sub(b.mean(0)).square().sum().item_double();
    Tensor covarianceA = covariance(a);
    Tensor covarianceB = covariance(b);
    Tensor root = squareRoot(covarianceA);
    Tensor product = root.matmul(covarianceB).matmul(root);
    double cross = eigen(product).get0().abs().sqrt().sum().item_double();
    return means + trace(covarianceA) + trace(covarianceB) - 2 * cross;
  }

  /** [features, features]. */
  private static Tensor covariance(Tensor features) {
    Tensor centred = features.sub(features.mean(0));
    Tensor covariance = centred.t().matmul(centred).div(new Scalar(features.size(0) - 1.0));
    covariance.diagonal().add_(new Scalar(RIDGE));
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
}
