package dev.hourglass.diffusion.constraint;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.tensor.Scope;
import org.bytedeco.pytorch.Tensor;

/**
 * Images that must agree with given ones in all that a measurement sees of them, {@code A x = A y}.
 * Every denoised estimate is moved to where it agrees, {@code x0 <- A^+ A y + (I - A^+ A) x0} (Wang
 * et al., "Zero-shot image restoration using denoising diffusion null-space model", 2023, eq. 13).
 * So any sampler draws such images, from a model that was trained for nothing of the kind.
 *
 * @param measurement A
 * @param given images with the right measurements, [n, c, h, w] in [-1, 1]; what is not measured
 *     has no effect; not owned
 */
public record Constraint(Measurement measurement, Tensor given) {

  /** A denoiser whose estimates agree with what is known. */
  public Denoiser around(Denoiser denoiser) {
    return (x, sigma) -> Scope.of(() -> measurement.impose(like(x), denoiser.denoise(x, sigma)));
  }

  /**
   * The images at the end of a sampler, which leaves rounding errors and values out of range.
   *
   * @param images [n, c, h, w]
   * @return in [-1, 1] where anything was out of range, and measured as the given ones are
   */
  public Tensor finish(Tensor images) {
    return Scope.of(() -> measurement.imposeInRange(like(images), images));
  }

  private Tensor like(Tensor images) {
    return given.to(images.scalar_type());
  }
}
