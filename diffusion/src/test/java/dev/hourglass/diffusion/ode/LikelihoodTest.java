package dev.hourglass.diffusion.ode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class LikelihoodTest {

  private static final long[] SHAPE = {1, 2, 3};
  private static final int SIZE = 6;
  private static final NoiseRange RANGE = new NoiseRange(0.02, 40, 0.7);

  /** Mixes all pixels: {@code D = W tanh(V x / (1 + sigma)) / (1 + sigma^2)}. */
  private static final Tensor V = Scope.own(matrix(1));

  private static final Tensor W = Scope.own(matrix(2));

  private static Tensor matrix(long name) {
    RandomStream random = RandomStream.of(17, name);
    double[] values = new double[SIZE * SIZE];
    Arrays.setAll(values, i -> random.nextGaussian() / 2);
    return Tensors.ofDoubles(values, SIZE, SIZE);
  }

  private static Tensor denoise(int[] images, Tensor x, double[] sigmas) {
    Tensor sigma = Tensors.ofDoubles(sigmas, sigmas.length, 1);
    Tensor hidden = x.flatten(1, -1).matmul(V).div(sigma.add(new Scalar(1.0))).tanh();
    return hidden
        .matmul(W)
        .div(sigma.square().add(new Scalar(1.0)))
        .reshape(images.length, SHAPE[0], SHAPE[1], SHAPE[2]);
  }

  private static double[][] images(int n) {
    RandomStream random = RandomStream.of(18);
    return IntStream.range(0, n)
        .mapToObj(i -> IntStream.range(0, SIZE).mapToDouble(j -> random.nextGaussian()).toArray())
        .toArray(double[][]::new);
  }

  private static List<ImageDensity> densities(double[][] images, long seed, long first) {
    return new Likelihood(LikelihoodTest::denoise, RANGE, new Tolerance(1e-8, 1e-8), SHAPE)
        .of(
            images,
            seed,
            LongStream.range(first, first + images.length).toArray(),
            Likelihood.Listener.NONE);
  }

  private static double[] slope(double time, double[] z, double... probe) {
    return new ProbabilityFlow(LikelihoodTest::denoise, RANGE, SHAPE)
        .slopes(new int[] {0}, new double[] {time}, new double[][] {z}, new double[][] {probe})[0];
  }

  /** The quadratic form v . J v of dz/dt, by central differences. */
  private static double form(double time, double[] z, double... v) {
    double h = 1e-5;
    double[] up = z.clone();
    double[] down = z.clone();
    for (int i = 0; i < SIZE; i++) {
      up[i] += h * v[i];
      down[i] -= h * v[i];
    }
    double[] ahead = slope(time, up, v);
    double[] behind = slope(time, down, v);
    return IntStream.range(0, SIZE).mapToDouble(i -> v[i] * (ahead[i] - behind[i])).sum() / (2 * h);
  }

  @Test
  void theEstimateOfTheDivergenceIsTheQuadraticFormOfTheJacobian() {
    double[] z = Arrays.copyOf(images(1)[0], SIZE + 1);
    for (double time : new double[] {0.05, 0.6, 1.4}) {
      double[] probe = Rademacher.vector(5, 2, SIZE);
      double estimate = slope(time, z, probe)[SIZE] * SIZE;
      assertThat(estimate)
          .isEqualTo(form(time, z, probe), within(1e-6 * Math.abs(estimate) + 1e-6));
    }
  }

  @Test
  void theMeanEstimateOverAllSignsIsTheTraceOfTheJacobian() {
    double[] z = Arrays.copyOf(images(1)[0], SIZE + 1);
    double time = 0.6;
    double mean = 0;
    for (int signs = 0; signs < 1 << SIZE; signs++) {
      double[] probe = new double[SIZE];
      for (int i = 0; i < SIZE; i++) {
        probe[i] = (signs >> i & 1) == 0 ? 1 : -1;
      }
      mean += slope(time, z, probe)[SIZE] * SIZE / (1 << SIZE);
    }
    double trace = 0;
    for (int i = 0; i < SIZE; i++) {
      double[] unit = new double[SIZE];
      unit[i] = 1;
      trace += form(time, z, unit);
    }
    assertThat(mean).isEqualTo(trace, within(1e-6));
  }

  @Test
  void theDensityIsThatOfTheNoiseTimesTheChangeOfVolume() {
    // The mean over all signs is exact; those of v and -v are one.
    double[] x = images(1)[0];
    Map<List<Double>, Double> nats = new HashMap<>();
    for (long seed = 0; nats.size() < 1 << (SIZE - 1); seed++) {
      long named = seed;
      double[] probe = Rademacher.vector(seed, 0, SIZE);
      nats.computeIfAbsent(
          Arrays.stream(probe).map(v -> v * probe[0]).boxed().toList(),
          key -> densities(new double[][] {x}, named, 0).getFirst().nats());
    }
    double mean = nats.values().stream().mapToDouble(v -> v).average().orElseThrow();

    // The flow's map and its Jacobian by differences.
    double h = 1e-4;
    double[][] jacobian = new double[SIZE][];
    for (int i = 0; i < SIZE; i++) {
      double[] up = x.clone();
      double[] down = x.clone();
      up[i] += h;
      down[i] -= h;
      double[] ahead = noise(up);
      double[] behind = noise(down);
      jacobian[i] =
          IntStream.range(0, SIZE).mapToDouble(j -> (ahead[j] - behind[j]) / (2 * h)).toArray();
    }
    double[] flat = Arrays.stream(jacobian).flatMapToDouble(Arrays::stream).toArray();
    double volume = Tensors.ofDoubles(flat, SIZE, SIZE).det().abs().log().item_double();
    double squares = Arrays.stream(noise(x)).map(v -> v * v).sum();
    double variance = RANGE.sigmaMax() * RANGE.sigmaMax();
    double exact = volume - squares / variance / 2 - SIZE * Math.log(2 * Math.PI * variance) / 2;
    assertThat(mean).isEqualTo(exact, within(1e-5));
    assertThat(nats.values().stream().mapToDouble(v -> v).max().orElseThrow() - mean)
        .isGreaterThan(0.1);
  }

  /** Where the flow of x ends. */
  private static double[] noise(double... x) {
    ProbabilityFlow flow = new ProbabilityFlow(LikelihoodTest::denoise, RANGE, SHAPE);
    double scale = RANGE.scale(RANGE.sigmaMin());
    double[] z = Arrays.stream(Arrays.copyOf(x, SIZE + 1)).map(v -> v / scale).toArray();
    DormandPrince solver =
        new DormandPrince(RANGE.timeMin(), RANGE.timeMax(), z, SIZE, new Tolerance(1e-10, 1e-10));
    double[] probe = new double[SIZE];
    Arrays.fill(probe, 1);
    while (!solver.done()) {
      solver.answer(
          flow.slopes(
                  new int[] {0},
                  new double[] {solver.time()},
                  new double[][] {solver.state()},
                  new double[][] {probe})[0]);
    }
    double end = RANGE.scale(RANGE.sigmaMax());
    return Arrays.stream(solver.state()).limit(SIZE).map(v -> v * end).toArray();
  }

  @Test
  void anImagesDensityDoesNotDependOnItsBatch() {
    double[][] all = images(5);
    List<ImageDensity> together = densities(all, 3, 7);
    for (int i = 0; i < all.length; i++) {
      ImageDensity alone = densities(new double[][] {all[i]}, 3, 7 + i).getFirst();
      assertThat(together.get(i).nats()).isEqualTo(alone.nats(), within(1e-9));
      assertThat(together.get(i).evaluations()).isEqualTo(alone.evaluations());
    }
  }

  @Test
  void theSignsFollowFromSeedAndIndex() {
    double[][] x = images(1);
    assertThat(densities(x, 3, 7)).isEqualTo(densities(x, 3, 7));
    assertThat(densities(x, 3, 7)).isNotEqualTo(densities(x, 4, 7));
    assertThat(densities(x, 3, 7)).isNotEqualTo(densities(x, 3, 8));
    double[] signs = Rademacher.vector(1, 1, 10_000);
    assertThat(Arrays.stream(signs).map(Math::abs)).containsOnly(1.0);
    assertThat(Arrays.stream(signs).sum()).isBetween(-400.0, 400.0);
  }
}
