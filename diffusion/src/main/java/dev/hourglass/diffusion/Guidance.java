package dev.hourglass.diffusion;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Classifier-free guidance (Ho and Salimans, 2022): {@code D = D_uncond + w (D_cond - D_uncond)}.
 * At w = 1 it is the conditional model, above 1 it exaggerates the condition.
 */
public final class Guidance {

  private Guidance() {}

  /** uncond + scale (cond - uncond). */
  public static Tensor combine(Tensor uncond, Tensor cond, double scale) {
    return uncond.lerp(cond, new Scalar(scale));
  }

  /**
   * A guided denoiser that evaluates both halves as one batch of twice the size.
   *
   * @param doubled denoises [2n, c, h, w], the first n images without their condition and the last
   *     n, the same images, with it
   * @param scale w; at exactly 1 the caller does better to use the conditional model alone
   */
  public static Denoiser guided(Denoiser doubled, double scale) {
    if (!Double.isFinite(scale)) {
      throw new InputException("The guidance scale must be a finite number, not " + scale + ".");
    }
    return (x, sigma) ->
        Scope.of(
            () -> {
              long n = x.size(0);
              Tensor both = doubled.denoise(Tensors.concat(0, x, x), sigma); // [2n, c, h, w]
              return combine(both.narrow(0, 0, n), both.narrow(0, n, n), scale);
            });
  }
}
