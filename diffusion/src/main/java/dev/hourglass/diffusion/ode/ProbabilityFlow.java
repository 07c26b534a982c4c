package dev.hourglass.diffusion.ode;

import dev.hourglass.autograd.Tape;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.tensor.Torch;
import java.util.Arrays;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The slopes of the probability flow in the coordinates of {@link NoiseRange}, with the divergence
 * of the flow, by a vector-Jacobian product of the denoiser:
 *
 * <pre>
 *   dz/dt     = (sd^2 z - s D) / (sigma sd)
 *   div dz/dt = (sd^2 d - s^2 tr(dD/dx)) / (sigma sd),   tr(J) ~ v . J^T v
 * </pre>
 *
 * for d dimensions and a vector v of random signs (Hutchinson 1990; Grathwohl et al., "FFJORD",
 * 2019). The estimate is unbiased, and exact where J is diagonal.
 */
final class ProbabilityFlow {

  private final ImageDenoiser denoiser;
  private final NoiseRange range;
  private final long[] shape;
  private final int dimensions;

  /**
   * @param shape of an image, [c, h, w]
   */
  ProbabilityFlow(ImageDenoiser denoiser, NoiseRange range, long... shape) {
    Torch.start();
    this.denoiser = denoiser;
    this.range = range;
    this.shape = shape.clone();
    this.dimensions = ImageDenoiser.dimensions(shape);
  }

  /**
   * The slopes of some images.
   *
   * @param images which they are, [n]
   * @param times of each, [n]
   * @param states of each: z, and after it anything, [n][d + 1]
   * @param probes v of each, [n][d]
   * @return of each dz/dt, and after it the divergence over d, [n][d + 1]
   */
  double[][] slopes(int[] images, double[] times, double[][] states, double[][] probes) {
    int n = images.length;
    double[] sigmas = Arrays.stream(times).map(range::sigma).toArray();
    double[] x = new double[Math.multiplyExact(n, dimensions)]; // [n, c, h, w]
    double[] v = new double[x.length];
    for (int i = 0; i < n; i++) {
      double scale = range.scale(sigmas[i]);
      for (int j = 0; j < dimensions; j++) {
        x[i * dimensions + j] = scale * states[i][j];
      }
      System.arraycopy(probes[i], 0, v, i * dimensions, dimensions);
    }
    double[][] slopes = new double[n][];
    Scope.run(
        () -> {
          try (AutoGradMode _ = new AutoGradMode(true);
              Tape _ = new Tape()) {
            Tensor noisy = Tensors.ofDoubles(x, batchShape(n));
            noisy.set_requires_grad(true);
            Tensor denoised = denoiser.denoise(images, noisy, sigmas);
            double[] d = Tensors.toDoubles(denoised);
            double[] product = Tensors.toDoubles(vectorJacobian(denoised, noisy, v));
            for (int i = 0; i < n; i++) {
              slopes[i] = slope(i, sigmas[i], states[i], d, product, probes[i]);
            }
          }
        });
    return slopes;
  }

  /** v^T dD/dx of each image, [n, c, h, w]: no image's D depends on another image. */
  private static Tensor vectorJacobian(Tensor denoised, Tensor noisy, double... v) {
    Tensor vector = Tensors.ofDoubles(v, Tensors.shape(denoised)).to(denoised.scalar_type());
    return torch
        .grad(
            new TensorVector(denoised),
            new TensorVector(noisy),
            new TensorVector(vector),
            null,
            false,
            false)
        .get(0);
  }

  private double[] slope(
      int i, double sigma, double[] state, double[] denoised, double[] product, double[] probe) {
    double sd = range.sigmaData();
    double scale = range.scale(sigma);
    double[] slope = new double[dimensions + 1];
    double trace = 0;
    for (int j = 0; j < dimensions; j++) {
      int at = i * dimensions + j;
      slope[j] = (sd * sd * state[j] - scale * denoised[at]) / (sigma * sd);
      trace += probe[j] * product[at];
    }
    slope[dimensions] = (sd * sd - scale * scale * (trace / dimensions)) / (sigma * sd);
    return slope;
  }

  private long[] batchShape(int n) {
    return new long[] {n, shape[0], shape[1], shape[2]};
  }
}
