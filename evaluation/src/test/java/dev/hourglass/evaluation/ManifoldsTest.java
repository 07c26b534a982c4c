package dev.hourglass.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Scope;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManifoldsTest {

  private static final Resamples RESAMPLES = new Resamples(20, 7);

  /** The definitions as they stand, on all pairs. */
  private record Plain(double precision, double recall, double density, double coverage) {

    static Plain of(double[][] real, double[][] generated) {
      double[] real3 = radii(real, 3);
      double[] real5 = radii(real, 5);
      double[] generated3 = radii(generated, 3);
      double precise =
          Arrays.stream(generated)
              .filter(g -> anyOf(real.length, i -> distance(real[i], g) <= real3[i]))
              .count();
      double recalled =
          Arrays.stream(real)
              .filter(r -> anyOf(generated.length, j -> distance(generated[j], r) <= generated3[j]))
              .count();
      double balls =
          Arrays.stream(generated)
              .mapToLong(
                  g ->
                      IntStream.range(0, real.length)
                          .filter(i -> distance(real[i], g) < real5[i])
                          .count())
              .sum();
      double covered =
          IntStream.range(0, real.length)
              .filter(i -> Arrays.stream(generated).anyMatch(g -> distance(real[i], g) < real5[i]))
              .count();
      return new Plain(
          precise / generated.length,
          recalled / real.length,
          balls / (5.0 * generated.length),
          covered / real.length);
    }

    private static boolean anyOf(int count, IntPredicate predicate) {
      return IntStream.range(0, count).anyMatch(predicate);
    }

    private static double[] radii(double[][] set, int k) {
      return IntStream.range(0, set.length)
          .mapToDouble(
              i ->
                  IntStream.range(0, set.length)
                      .filter(j -> j != i)
                      .mapToDouble(j -> distance(set[i], set[j]))
                      .sorted()
                      .toArray()[k - 1])
          .toArray();
    }

    private static double distance(double[] x, double[] y) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        sum += (x[i] - y[i]) * (x[i] - y[i]);
      }
      return sum;
    }
  }

  private static void run(double[][] real, double[][] generated, ManifoldsCheck check) {
    Scope.run(
        () ->
            check.check(
                new Manifolds(Features.ofRows(real), Features.ofRows(generated)),
                Plain.of(real, generated)));
  }

  @FunctionalInterface
  private interface ManifoldsCheck {
    void check(Manifolds manifolds, Plain plain);
  }

  private static void requireEqual(Manifolds manifolds, Plain plain) {
    assertThat(manifolds.precision()).isEqualTo(plain.precision, within(1e-12));
    assertThat(manifolds.recall()).isEqualTo(plain.recall, within(1e-12));
    assertThat(manifolds.density()).isEqualTo(plain.density, within(1e-12));
    assertThat(manifolds.coverage()).isEqualTo(plain.coverage, within(1e-12));
  }

  @Test
  void allFourAreWhatTheirDefinitionsSay() {
    run(
        Sets.normal(1, 61, 3, 0, 1),
        Sets.normal(2, 47, 3, 0.4, 1.3),
        (manifolds, plain) -> {
          assertThat(plain.precision).isStrictlyBetween(0.0, 1.0);
          assertThat(plain.recall).isStrictlyBetween(0.0, 1.0);
          assertThat(plain.coverage).isStrictlyBetween(0.0, 1.0);
          requireEqual(manifolds, plain);
        });
    run(Sets.normal(1, 6, 2, 0, 1), Sets.normal(2, 6, 2, 0.4, 1), ManifoldsTest::requireEqual);
    run(Sets.normal(1, 9, 700, 0, 1), Sets.normal(2, 50, 700, 0, 1), ManifoldsTest::requireEqual);
  }

  @Test
  void surfacesCountAsDefinedWhereDistancesTie() {
    // On a grid of whole numbers nearly all distances tie; far from 0 products round.
    double[][] grid = Sets.grid(7, 0);
    double[][] shifted = Sets.grid(6, 1);
    run(grid, shifted, ManifoldsTest::requireEqual);
    double[][] far = Sets.moved(grid, 1e6);
    run(far, Sets.moved(shifted, 1e6), ManifoldsTest::requireEqual);
    run(grid, grid, ManifoldsTest::requireEqual);
  }

  @Test
  void copiesCoverThemselves() {
    double[][] set = Sets.normal(3, 40, 4, 0, 1);
    run(
        set,
        set,
        (manifolds, plain) -> {
          assertThat(manifolds.precision()).isEqualTo(1);
          assertThat(manifolds.recall()).isEqualTo(1);
          assertThat(manifolds.coverage()).isEqualTo(1);
          requireEqual(manifolds, plain);
        });
  }

  @Test
  void setsFarFromEachOtherShareNothing() {
    run(
        Sets.normal(3, 40, 4, 0, 1),
        Sets.normal(4, 30, 4, 100, 1),
        (manifolds, plain) -> {
          assertThat(manifolds.precision()).isZero();
          assertThat(manifolds.recall()).isZero();
          assertThat(manifolds.density()).isZero();
          assertThat(manifolds.coverage()).isZero();
        });
  }

  @Test
  void errorsAreThoseOfComputingEachHalfAgain() {
    double[][] real = Sets.normal(1, 55, 3, 0, 1);
    double[][] generated = Sets.normal(2, 71, 3, 0.5, 0.8);
    Scope.run(
        () -> {
          Manifolds all = new Manifolds(Features.ofRows(real), Features.ofRows(generated));
          requireError(all.precision(RESAMPLES), real, generated, Plain::precision);
          requireError(all.recall(RESAMPLES), real, generated, Plain::recall);
          requireError(all.density(RESAMPLES), real, generated, Plain::density);
          requireError(all.coverage(RESAMPLES), real, generated, Plain::coverage);
        });
  }

  private static void requireError(
      Estimate estimate, double[][] real, double[][] generated, ToDoubleFunction<Plain> number) {
    double expected =
        Resampling.HALF_SAMPLES
            .standardError(
                generated.length,
                RESAMPLES,
                weights ->
                    number.applyAsDouble(
                        Plain.of(
                            real,
                            IntStream.range(0, generated.length)
                                .filter(i -> weights[i] > 0)
                                .mapToObj(i -> generated[i])
                                .toArray(double[][]::new))))
            .getAsDouble();
    assertThat(expected).isPositive();
    assertThat(estimate.standardError().getAsDouble()).isEqualTo(expected, within(1e-12));
  }

  @Test
  void tooFewImagesAreRefused() {
    Scope.run(
        () ->
            assertThatThrownBy(
                    () ->
                        new Manifolds(
                            Features.ofRows(Sets.normal(1, 5, 2, 0, 1)),
                            Features.ofRows(Sets.normal(2, 9, 2, 0, 1))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("more than 5 images"));
  }
}
