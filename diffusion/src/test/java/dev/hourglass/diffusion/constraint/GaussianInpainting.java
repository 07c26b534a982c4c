package dev.hourglass.diffusion.constraint;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.NoiseRange;
import dev.hourglass.diffusion.SigmaSchedule;
import dev.hourglass.diffusion.noise.BrownianNoise;
import dev.hourglass.diffusion.noise.ImageNoise;
import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.diffusion.samplers.Repeats;
import dev.hourglass.diffusion.samplers.Sampler;
import dev.hourglass.diffusion.samplers.SamplerOptions;
import dev.hourglass.diffusion.samplers.Samplers;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Inpainting where the right answer is known: images of 6x6 correlated normal pixels, of which the
 * left half is given. Denoiser, conditional mean and conditional covariance have closed forms.
 */
final class GaussianInpainting {

  private static final int SIDE = 6;
  private static final int PIXELS = SIDE * SIDE;
  private static final double MEAN = 0.1;
  private static final double VARIANCE = 0.25;

  /** Of the correlation, in pixels. */
  private static final double LENGTH = 2;

  private static final double NUGGET = 1e-3;
  private static final NoiseRange RANGE = new NoiseRange(2e-3, 20);

  private static final List<String> TABLE_SAMPLERS =
      List.of(
          "euler", "heun", "dpmpp-2m", "euler-ancestral", "dpmpp-2m-sde-midpoint", "dpmpp-3m-sde");

  private final int images;
  private final Tensor eigenvalues;
  private final Tensor eigenvectors;
  private final Tensor given; // [1, pixels]
  private final int[] unknown;

  /** What the unknown pixels are like, given the others. */
  private final Tensor mean; // [u]

  private final Tensor covariance; // [u, u]

  /**
   * How far drawn images are from that.
   *
   * @param mean distance of the means, root mean square in units of the standard deviation
   * @param covariance distance of the covariances, in units of the right one's norm
   */
  record Distance(double mean, double covariance) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f, %.2f", mean, covariance);
    }
  }

  /** Makes tensors in the present scope. */
  GaussianInpainting(int images) {
    this.images = images;
    Tensor prior = prior();
    var eigen = torch.linalg_eigh(prior);
    eigenvalues = eigen.get0();
    eigenvectors = eigen.get1();
    int[] known = IntStream.range(0, PIXELS).filter(i -> i % SIDE < SIDE / 2).toArray();
    unknown = IntStream.range(0, PIXELS).filter(i -> i % SIDE >= SIDE / 2).toArray();
    given =
        ImageNoise.initial(1, new long[] {0}, 1, 1, PIXELS)
            .reshape(1, PIXELS)
            .to(ScalarType.Double)
            .mul(eigenvalues.sqrt())
            .matmul(eigenvectors.t())
            .add(new Scalar(MEAN));
    Tensor ofKnown = block(prior, known, known);
    Tensor between = block(prior, unknown, known);
    Tensor values = given.index_select(1, indices(known)).sub(new Scalar(MEAN)); // [1, k]
    Tensor gain = torch.linalg_solve(ofKnown, between.t()).t(); // [u, k]
    mean = gain.matmul(values.squeeze(0)).add(new Scalar(MEAN));
    covariance = block(prior, unknown, unknown).sub(gain.matmul(between.t()));
  }

  private static Tensor prior() {
    double[] values = new double[PIXELS * PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      for (int j = 0; j < PIXELS; j++) {
        double square = Math.pow(i / SIDE - j / SIDE, 2) + Math.pow(i % SIDE - j % SIDE, 2);
        values[i * PIXELS + j] =
            VARIANCE * Math.exp(-square / (2 * LENGTH * LENGTH)) + (i == j ? NUGGET : 0);
      }
    }
    return Tensors.ofDoubles(values, PIXELS, PIXELS);
  }

  private static Tensor block(Tensor matrix, int[] rows, int[] columns) {
    return matrix.index_select(0, indices(rows)).index_select(1, indices(columns));
  }

  private static Tensor indices(int[] places) {
    return Tensors.ofLongs(Arrays.stream(places).asLongStream().toArray(), places.length);
  }

  /** D(x, sigma) = m + C (C + sigma^2)^-1 (x - m). */
  private Denoiser denoiser() {
    return (x, sigma) ->
        Scope.of(
            () -> {
              Tensor kept = eigenvalues.div(eigenvalues.add(new Scalar(sigma * sigma)));
              return x.reshape(x.size(0), PIXELS)
                  .sub(new Scalar(MEAN))
                  .matmul(eigenvectors)
                  .mul(kept)
                  .matmul(eigenvectors.t())
                  .add(new Scalar(MEAN))
                  .reshape(x.size(0), 1, SIDE, SIDE);
            });
  }

  private Constraint constraint() {
    double[] anew = new double[PIXELS];
    Arrays.stream(unknown).forEach(i -> anew[i] = 1);
    Tensor all = given.expand(images, PIXELS).reshape(images, 1, SIDE, SIDE);
    return new Constraint(new KnownPixels(Tensors.ofDoubles(anew, 1, 1, SIDE, SIDE)), all);
  }

  /** The error of a sampler. */
  Distance of(String name, int steps, int repeats) {
    try (PointerScope scope = new PointerScope()) {
      Sampler sampler = Samplers.byName(name, SamplerOptions.NONE);
      double[] sigmas = new SigmaSchedule.Karras(7).sigmas(steps, RANGE);
      long[] indices = LongStream.range(0, images).toArray();
      Tensor start =
          ImageNoise.initial(0, indices, 1, SIDE, SIDE)
              .to(ScalarType.Double)
              .mul(new Scalar(sigmas[0]));
      List<NoiseSource> noises =
          IntStream.range(0, repeats).mapToObj(i -> noise(sampler, sigmas, 100 + i)).toList();
      Tensor drawn =
          sampler.sample(
              constraint().around(denoiser()),
              start,
              sigmas,
              noises.getFirst(),
              repeats == 1
                  ? Repeats.NONE
                  : new Repeats(
                      noises.subList(1, repeats), new ImageNoise(99, indices, 1, SIDE, SIDE)),
              SamplerListener.NONE);
      return error(drawn.reshape(images, PIXELS).index_select(1, indices(unknown)));
    }
  }

  private NoiseSource noise(Sampler sampler, double[] sigmas, long seed) {
    long[] indices = LongStream.range(0, images).toArray();
    return sampler.noiseKind() == NoiseKind.BROWNIAN
        ? new BrownianNoise(seed, indices, sigmas[sigmas.length - 2], sigmas[0], 1, SIDE, SIDE)
        : new ImageNoise(seed, indices, 1, SIDE, SIDE);
  }

  /** The error that as many draws from the right distribution have. */
  Distance ofExactDraws() {
    try (PointerScope scope = new PointerScope()) {
      Tensor normal =
          ImageNoise.initial(5, LongStream.range(0, images).toArray(), 1, 1, unknown.length)
              .reshape(images, unknown.length)
              .to(ScalarType.Double);
      return error(normal.matmul(torch.linalg_cholesky(covariance).t()).add(mean));
    }
  }

  private Distance error(Tensor drawn) {
    Tensor off = drawn.mean(0).sub(mean);
    Tensor standard = covariance.diag();
    Tensor centred = drawn.sub(drawn.mean(0));
    Tensor spread = centred.t().matmul(centred).div(new Scalar(images - 1.0));
    return new Distance(
        Math.sqrt(off.square().div(standard).mean().item_double()),
        spread.sub(covariance).norm().item_double() / covariance.norm().item_double());
  }

  /** The table of docs/editing.md: how far samplers are, by steps and repetitions. */
  static List<String> table(int images) {
    List<String> lines = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      GaussianInpainting problem = new GaussianInpainting(images);
      lines.add("| sampler | steps | R = 1 | 2 | 4 | 8 | 16 |");
      lines.add("|---|---|---|---|---|---|---|");
      lines.add("| exact draws | | %s | | | | |".formatted(problem.ofExactDraws()));
      for (String sampler : TABLE_SAMPLERS) {
        for (int steps : new int[] {20, 50, 100}) {
          String cells =
              IntStream.of(1, 2, 4, 8, 16)
                  .mapToObj(repeats -> problem.of(sampler, steps, repeats).toString())
                  .collect(Collectors.joining(" | "));
          lines.add("| %s | %d | %s |".formatted(sampler, steps, cells));
        }
      }
    }
    return lines;
  }
}
