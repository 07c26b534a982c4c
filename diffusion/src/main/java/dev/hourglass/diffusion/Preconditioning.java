package dev.hourglass.diffusion;

import dev.hourglass.core.InputException;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The scalings that keep the network's input and target at unit variance for every noise level
 * (Karras et al. 2022, table 1, column "Ours"):
 *
 * <pre>
 *   D(x, sigma) = c_skip x + c_out F(c_in x, sigma)
 *   c_skip = sd^2 / (sigma^2 + sd^2),  c_out = sigma sd / sqrt(sigma^2 + sd^2),
 *   c_in = 1 / sqrt(sigma^2 + sd^2),   sd = sigma_data
 * </pre>
 *
 * The network embeds sigma itself, so there is no c_noise here.
 *
 * @param sigmaData the standard deviation of the clean images, above 0
 */
public record Preconditioning(double sigmaData) {

  public Preconditioning {
    if (!(sigmaData > 0) || Double.isInfinite(sigmaData)) {
      throw new InputException("sigma_data must be a positive number, not " + sigmaData + ".");
    }
  }

  public double cSkip(double sigma) {
    return sigmaData * sigmaData / (sigma * sigma + sigmaData * sigmaData);
  }

  public double cOut(double sigma) {
    return sigma * sigmaData / Math.hypot(sigma, sigmaData);
  }

  public double cIn(double sigma) {
    return 1 / Math.hypot(sigma, sigmaData);
  }

  /** c_skip of each noise level, the shape of {@code sigma}. */
  public Tensor cSkip(Tensor sigma) {
    return variance(sigma).reciprocal().mul(new Scalar(sigmaData * sigmaData));
  }

  /** c_out of each noise level, the shape of {@code sigma}. */
  public Tensor cOut(Tensor sigma) {
    return variance(sigma).rsqrt().mul(sigma).mul(new Scalar(sigmaData));
  }

  /** c_in of each noise level, the shape of {@code sigma}. */
  public Tensor cIn(Tensor sigma) {
    return variance(sigma).rsqrt();
  }

  /**
   * D(x, sigma) for a noise level per image.
   *
   * @param x [n, c, h, w]
   * @param sigma [n]
   */
  public Tensor denoise(Network network, Tensor x, Tensor sigma) {
    Tensor output = network.apply(x.mul(overImages(cIn(sigma))), sigma);
    return output.mul(overImages(cOut(sigma))).add(x.mul(overImages(cSkip(sigma))));
  }

  /** sigma^2 + sd^2: the variance of the noisy images. */
  Tensor variance(Tensor sigma) {
    return sigma.square().add(new Scalar(sigmaData * sigmaData));
  }

  /** [n] as [n, 1, 1, 1], to multiply images with. */
  static Tensor overImages(Tensor perImage) {
    return perImage.reshape(-1, 1, 1, 1);
  }
}
