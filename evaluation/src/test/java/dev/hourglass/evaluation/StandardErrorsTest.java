package dev.hourglass.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StandardErrorsTest {

  private static final Resamples RESAMPLES = new Resamples(12, 3);

  /** The images, each as often as its weight says. */
  private static double[][] repeated(double[][] images, int[] weights) {
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < images.length; i++) {
      for (int w = 0; w < weights[i]; w++) {
        rows.add(images[i]);
      }
    }
    return rows.toArray(double[][]::new);
  }

  @Test
  void aBootstrapDrawsAsManyImagesAndAHalfSampleHalfOfThem() {
    int[] bootstrap = Resampling.BOOTSTRAP.weights(101, 0, 0);
    assertThat(Arrays.stream(bootstrap).sum()).isEqualTo(101);
    assertThat(Arrays.stream(bootstrap).max().getAsInt()).isGreaterThan(1);
    int[] half = Resampling.HALF_SAMPLES.weights(101, 0, 0);
    assertThat(Arrays.stream(half).sum()).isEqualTo(50);
    assertThat(half).containsOnly(0, 1);
    assertThat(Resampling.HALF_SAMPLES.weights(101, 0, 0)).isEqualTo(half);
    assertThat(Resampling.HALF_SAMPLES.weights(101, 0, 1)).isNotEqualTo(half);
    assertThat(Resampling.HALF_SAMPLES.weights(101, 1, 0)).isNotEqualTo(half);
  }

  @Test
  void theErrorOfAMeanIsTheTextbooks() {
    double[] x = Arrays.stream(Sets.normal(5, 400, 1, 2, 3)).mapToDouble(row -> row[0]).toArray();
    double mean = Arrays.stream(x).average().orElseThrow();
    double deviation =
        Math.sqrt(Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / (x.length - 1));
    for (Resampling resampling : Resampling.values()) {
      double error =
          resampling
              .standardError(
                  x.length,
                  new Resamples(2000, 1),
                  weights -> {
                    double total = Arrays.stream(weights).sum();
                    return IntStream.range(0, x.length).mapToDouble(i -> weights[i] * x[i]).sum()
                        / total;
                  })
              .getAsDouble();
      // Known to 1 / sqrt(2 * 2000), 1.6%.
      assertThat(error / (deviation / Math.sqrt(x.length))).isEqualTo(1, within(0.06));
    }
  }

  @Test
  void theFrechetDistanceOfAResampleIsThatOfItsImages() {
    double[][] real = Sets.normal(1, 90, 5, 0, 1);
    double[][] images = Sets.normal(2, 60, 5, 3, 1.5);
    for (double epsilon : new double[] {0, 1e-3}) {
      double expected =
          Resampling.BOOTSTRAP
              .standardError(
                  images.length,
                  RESAMPLES,
                  weights -> {
                    double[] value = new double[1];
                    Scope.run(
                        () ->
                            value[0] =
                                FrechetDistance.estimate(
                                        Features.ofRows(real),
                                        Features.ofRows(repeated(images, weights)),
                                        epsilon,
                                        new Resamples(0, 0))
                                    .value());
                    return value[0];
                  })
              .getAsDouble();
      Estimate estimate =
          in(
              () ->
                  FrechetDistance.estimate(
                      Features.ofRows(real), Features.ofRows(images), epsilon, RESAMPLES));
      assertThat(estimate.standardError().getAsDouble() / expected).isEqualTo(1, within(1e-9));
    }
  }

  @Test
  void theInceptionScoreOfAResampleIsThatOfItsImages() {
    double[][] logits = Sets.normal(4, 30, 4, 0, 2);
    double expected =
        Resampling.BOOTSTRAP
            .standardError(
                logits.length,
                RESAMPLES,
                weights -> {
                  double[] value = new double[1];
                  Scope.run(
                      () ->
                          value[0] =
                              InceptionScore.of(Features.ofRows(repeated(logits, weights)), 1)
                                  .mean());
                  return value[0];
                })
            .getAsDouble();
    Estimate estimate = in(() -> InceptionScore.estimate(Features.ofRows(logits), 1, RESAMPLES));
    assertThat(estimate.standardError().getAsDouble() / expected).isEqualTo(1, within(1e-9));
  }

  @Test
  void theErrorOfTheKernelDistanceIsTheJackknifes() {
    double[][] real = Sets.normal(1, 25, 3, 0, 1);
    double[][] images = Sets.normal(2, 18, 3, 0.3, 1);
    int n = images.length;
    double[] without =
        IntStream.range(0, n)
            .mapToDouble(
                left ->
                    KernelDistance.between(
                        real,
                        IntStream.range(0, n)
                            .filter(i -> i != left)
                            .mapToObj(i -> images[i])
                            .toArray(double[][]::new)))
            .toArray();
    double mean = Arrays.stream(without).average().orElseThrow();
    double expected =
        Math.sqrt(Arrays.stream(without).map(v -> (v - mean) * (v - mean)).sum() * (n - 1) / n);
    Estimate estimate = kid(real, images);
    assertThat(estimate.value()).isEqualTo(KernelDistance.between(real, images), within(1e-12));
    assertThat(estimate.standardError().getAsDouble() / expected).isEqualTo(1, within(1e-9));
  }

  /** Of many sets of images compared with one reference: what the errors claim to be. */
  @Test
  void errorsAreHowFarOtherImagesWouldHaveMovedTheNumber() {
    double[][] real = Sets.normal(1, 300, 2, 0, 1);
    requireHonest(images -> kid(real, images));
    requireHonest(
        images ->
            in(
                () ->
                    FrechetDistance.estimate(
                        Features.ofRows(real), Features.ofRows(images), 0, new Resamples(40, 0))));
    requireHonest(
        images ->
            in(
                () ->
                    new Manifolds(Features.ofRows(real), Features.ofRows(images))
                        .precision(new Resamples(40, 0))));
  }

  private static void requireHonest(Function<double[][], Estimate> metric) {
    List<Estimate> estimates =
        IntStream.range(0, 60)
            .mapToObj(repeat -> metric.apply(Sets.normal(100 + repeat, 200, 2, 0.5, 1.2)))
            .toList();
    double mean = estimates.stream().mapToDouble(Estimate::value).average().orElseThrow();
    double spread =
        Math.sqrt(
            estimates.stream().mapToDouble(e -> Math.pow(e.value() - mean, 2)).sum()
                / (estimates.size() - 1));
    double claimed =
        Math.sqrt(
            estimates.stream()
                .mapToDouble(e -> Math.pow(e.standardError().getAsDouble(), 2))
                .average()
                .orElseThrow());
    // 60 repeats know a deviation to 9%.
    assertThat(claimed / spread).isBetween(0.7, 1.4);
  }

  private static Estimate kid(double[][] real, double[][] images) {
    return in(() -> KernelDistance.estimate(Features.ofRows(real), Features.ofRows(images)));
  }

  private static Estimate in(Supplier<Estimate> body) {
    Estimate[] result = new Estimate[1];
    Scope.run(() -> result[0] = body.get());
    return result[0];
  }

  @Test
  void whereTooFewImagesAreLeftThereIsNoError() {
    assertThat(kid(Sets.normal(1, 9, 2, 0, 1), Sets.normal(2, 2, 2, 0, 1)).standardError())
        .isEmpty();
    assertThatThrownBy(() -> new Resamples(1, 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("at least 2");
  }
}
