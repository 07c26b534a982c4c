package dev.hourglass.diffusion;

import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;

/**
 * One uniform in each of n equal strata of [0, 1): a batch then covers the noise levels evenly,
 * which lowers the variance of its loss. Image i of a global batch of n gets {@code (i + u_i) / n};
 * every process can compute the part of the batch that it holds.
 */
public final class StratifiedUniforms {

  private StratifiedUniforms() {}

  /**
   * The uniforms of images {@code from .. from + count - 1} of a step's global batch.
   *
   * @param batch the images of the global batch, over all processes and accumulation steps
   * @return {@code count} numbers, number k in [(from + k) / batch, (from + k + 1) / batch)
   */
  public static double[] of(long seed, long step, int from, int count, int batch) {
    if (from < 0 || count < 0 || from + count > batch) {
      throw new IllegalArgumentException(
          "images %d to %d are not in a batch of %d".formatted(from, from + count, batch));
    }
    double[] uniforms = new double[count];
    for (int k = 0; k < count; k++) {
      int image = from + k;
      double u = RandomStream.of(seed, Purpose.NOISE_LEVEL, step, image).nextDouble();
      // Rounding must not carry the last stratum to 1, where densities may be infinite.
      uniforms[k] = Math.min((image + u) / batch, Math.nextDown(1.0));
    }
    return uniforms;
  }
}
