package dev.hourglass.diffusion.ode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Log-densities of images under a model: the probability flow carries an image from sigma_min to
 * sigma_max, where the density is that of noise, and the divergence on the way says how volumes
 * changed (Song et al., "Score-based generative modeling through stochastic differential
 * equations", 2021, eq. 39):
 *
 * <pre>
 *   log p(x) = log N(x(sigma_max); 0, sigma_max^2) + integral of div(dx/dsigma) dsigma
 * </pre>
 *
 * Each image has its own steps, and a divergence estimated with signs that follow from the seed and
 * its index; so its density does not depend on the batch it is computed in, up to the rounding of
 * the model.
 */
public final class Likelihood {

  private final NoiseRange range;
  private final Tolerance tolerance;
  private final ProbabilityFlow flow;
  private final int dimensions;

  /**
   * Densities under one model.
   *
   * @param tolerance of the solver, for z, which has about unit variance, and for the divergence a
   *     dimension
   * @param shape of an image, [c, h, w]
   */
  public Likelihood(ImageDenoiser denoiser, NoiseRange range, Tolerance tolerance, long... shape) {
    this.range = range;
    this.tolerance = tolerance;
    this.flow = new ProbabilityFlow(denoiser, range, shape);
    this.dimensions = ImageDenoiser.dimensions(shape);
  }

  /** Hears of every evaluation of the model. */
  @FunctionalInterface
  public interface Listener {

    Listener NONE = progress -> {};

    /**
     * The model was asked once more.
     *
     * @param progress of the batch, from 0 to 1
     */
    void progress(double progress);
  }

  /**
   * The densities of a batch of images.
   *
   * @param images values in [-1, 1], [n][c * h * w]
   * @param seed of the signs
   * @param indices of the images among all that are measured with this seed, [n]
   * @return in the same order
   * @throws dev.hourglass.core.InputException if the tolerance cannot be met
   */
  public List<ImageDensity> of(double[][] images, long seed, long[] indices, Listener listener) {
    double[][] probes = new double[images.length][];
    List<DormandPrince> solvers = new ArrayList<>();
    for (int i = 0; i < images.length; i++) {
      probes[i] = Rademacher.vector(seed, indices[i], dimensions);
      solvers.add(
          new DormandPrince(
              range.timeMin(), range.timeMax(), start(images[i]), dimensions, tolerance));
    }
    int[] active = active(solvers);
    while (active.length > 0) {
      double[][] slopes =
          flow.slopes(
              active,
              Arrays.stream(active).mapToDouble(i -> solvers.get(i).time()).toArray(),
              Arrays.stream(active).mapToObj(i -> solvers.get(i).state()).toArray(double[][]::new),
              Arrays.stream(active).mapToObj(i -> probes[i]).toArray(double[][]::new));
      for (int i = 0; i < active.length; i++) {
        solvers.get(active[i]).answer(slopes[i]);
      }
      listener.progress(progress(solvers));
      active = active(solvers);
    }
    return solvers.stream().map(this::density).toList();
  }

  private static int[] active(List<DormandPrince> solvers) {
    return IntStream.range(0, solvers.size()).filter(i -> !solvers.get(i).done()).toArray();
  }

  private double progress(List<DormandPrince> solvers) {
    return solvers.stream()
        .mapToDouble(s -> (s.time() - range.timeMin()) / (range.timeMax() - range.timeMin()))
        .average()
        .orElse(1);
  }

  /** z, and the integral of the divergence over d so far. */
  private double[] start(double... image) {
    if (image.length != dimensions) {
      throw new IllegalArgumentException(
          "an image of %d values, not %d".formatted(image.length, dimensions));
    }
    double scale = range.scale(range.sigmaMin());
    double[] start = new double[dimensions + 1];
    Arrays.setAll(start, j -> j < dimensions ? image[j] / scale : 0);
    return start;
  }

  private ImageDensity density(DormandPrince solver) {
    double[] end = solver.state();
    double scaleMax = range.scale(range.sigmaMax());
    double squares = 0;
    for (int j = 0; j < dimensions; j++) {
      double noise = scaleMax * end[j] / range.sigmaMax();
      squares += noise * noise;
    }
    double prior =
        -squares / 2 - dimensions * (Math.log(range.sigmaMax()) + Math.log(2 * Math.PI) / 2);
    // The divergence is that of z; x stretches it by s.
    double stretch = Math.log(scaleMax / range.scale(range.sigmaMin()));
    double nats = prior + dimensions * (stretch + end[dimensions]);
    return new ImageDensity(nats, dimensions, solver.evaluations());
  }
}
