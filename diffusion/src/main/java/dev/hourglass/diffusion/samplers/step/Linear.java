package dev.hourglass.diffusion.samplers.step;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Linear combinations of images: coefficients in double precision, images in whatever they are. */
public final class Linear {

  private Linear() {}

  /** a x. */
  public static Tensor times(double a, Tensor x) {
    try (Scalar scalar = new Scalar(a)) {
      return x.mul(scalar);
    }
  }

  /** a x + b y. */
  public static Tensor sum(double a, Tensor x, double b, Tensor y) {
    return plus(times(a, x), b, y);
  }

  /** a x + b y + c z. */
  public static Tensor sum(double a, Tensor x, double b, Tensor y, double c, Tensor z) {
    return plus(sum(a, x, b, y), c, z);
  }

  /** x + b y. */
  public static Tensor plus(Tensor x, double b, Tensor y) {
    try (Scalar scalar = new Scalar(b)) {
      return x.add(y, scalar);
    }
  }

  /** The derivative dx/dsigma = (x - D) / sigma of the probability flow (Karras et al., eq. 4). */
  public static Tensor slope(Tensor x, double sigma, Tensor denoised) {
    return sum(1 / sigma, x, -1 / sigma, denoised);
  }
}
