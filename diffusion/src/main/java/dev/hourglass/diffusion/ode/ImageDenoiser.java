package dev.hourglass.diffusion.ode;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** D(x, sigma) for images that are at noise levels of their own. */
@FunctionalInterface
public interface ImageDenoiser {

  /**
   * The denoised images, recorded by autograd where {@code x} wants gradients.
   *
   * @param images which images of the problem these are, so that each finds its condition; [n]
   * @param x float64, [n, c, h, w]
   * @param sigmas their noise levels, above 0; [n]
   * @return [n, c, h, w], of any floating-point type
   */
  Tensor denoise(int[] images, Tensor x, double[] sigmas);

  /** Asks a denoiser whose images share a noise level for one image after the other. */
  static ImageDenoiser of(Denoiser denoiser) {
    return (images, x, sigmas) ->
        Tensors.concat(
            0,
            IntStream.range(0, images.length)
                .mapToObj(i -> denoiser.denoise(x.narrow(0, i, 1), sigmas[i]))
                .toArray(Tensor[]::new));
  }

  /** The number of values of an image. */
  static int dimensions(long... shape) {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }
}
