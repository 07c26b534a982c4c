package dev.hourglass.diffusion;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Guidance away from a weaker denoiser: {@code D = D_weak + w (D_main - D_weak)}. The weaker one is
 * the same model without its condition (classifier-free guidance, Ho and Salimans, 2022) or a
 * second, less trained model (autoguidance, Karras et al., "Guiding a diffusion model with a bad
 * version of itself", 2024). At w = 1 it is the main denoiser, and the weaker one is not asked.
 *
 * @param scale w; above 1 it exaggerates what the main denoiser knows better
 * @param interval the noise levels at which it counts; elsewhere w is 1 (Kynkäänniemi et al.,
 *     "Applying guidance in a limited interval", 2024)
 */
public record Guidance(double scale, Interval interval) {

  /** The main denoiser alone. */
  public static final Guidance NONE = constant(1);

  /**
   * Noise levels in (low, high].
   *
   * @param low not negative
   * @param high above low
   */
  public record Interval(double low, double high) {

    /** All noise levels. */
    public static final Interval EVERYWHERE = new Interval(0, Double.POSITIVE_INFINITY);

    public Interval {
      if (!(low >= 0) || !(high > low)) {
        throw new InputException(
            "A guidance interval goes from a noise level to a higher one, not from %s to %s; write for example 0.3,5."
                .formatted(low, high));
      }
    }

    boolean contains(double sigma) {
      return sigma > low && sigma <= high;
    }
  }

  public Guidance {
    if (!Double.isFinite(scale)) {
      throw new InputException("The guidance scale must be a finite number, not " + scale + ".");
    }
  }

  /** The same scale at all noise levels. */
  public static Guidance constant(double scale) {
    return new Guidance(scale, Interval.EVERYWHERE);
  }

  /** The scale at a noise level. */
  public double at(double sigma) {
    return interval.contains(sigma) ? scale : 1;
  }

  /** Whether nothing is guided anywhere. */
  public boolean isNone() {
    return scale == 1;
  }

  /**
   * Guidance by a weaker denoiser, which is asked only where it counts.
   *
   * @return a denoiser with the arguments of both
   */
  public Denoiser between(Denoiser weak, Denoiser main) {
    return (x, sigma) -> {
      double w = at(sigma);
      return w == 1
          ? main.denoise(x, sigma)
          : Scope.of(() -> combine(weak.denoise(x, sigma), main.denoise(x, sigma), w));
    };
  }

  /**
   * The same, where one batch of twice the size is faster than two batches.
   *
   * @param both denoises [2n, c, h, w], the first n images by the weaker denoiser and the last n,
   *     the same images, by the main one
   */
  public Denoiser ofBoth(Denoiser both, Denoiser main) {
    return (x, sigma) -> {
      double w = at(sigma);
      return w == 1 ? main.denoise(x, sigma) : Scope.of(() -> combineHalves(both, x, sigma, w));
    };
  }

  private static Tensor combineHalves(Denoiser both, Tensor x, double sigma, double scale) {
    long n = x.size(0);
    Tensor denoised = both.denoise(Tensors.concat(0, x, x), sigma); // [2n, c, h, w]
    return combine(denoised.narrow(0, 0, n), denoised.narrow(0, n, n), scale);
  }

  private static Tensor combine(Tensor weak, Tensor main, double scale) {
    return weak.lerp(main, new Scalar(scale));
  }
}
