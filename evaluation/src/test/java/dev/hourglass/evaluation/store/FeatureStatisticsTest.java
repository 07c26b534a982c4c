package dev.hourglass.evaluation.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.evaluation.Gaussian;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureStatisticsTest {

  private static final int FEATURES = 5;
  private static final MathContext EXACT = new MathContext(80);

  @TempDir Path folder;

  /** {@code [images * FEATURES]}, around a mean that is large beside their deviation of 1. */
  private static double[] images(int count, double mean) {
    RandomStream stream = RandomStream.of(5, count);
    double[] values = new double[count * FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = mean * (1 + i % FEATURES) + stream.nextGaussian();
    }
    return values;
  }

  private static FeatureStatistics statistics(double[] values, int from, int to) {
    FeatureStatistics[] result = new FeatureStatistics[1];
    Scope.run(
        () ->
            result[0] =
                FeatureStatistics.of(
                    Tensors.ofDoubles(values, values.length / FEATURES, FEATURES)
                        .narrow(0, from, to - from)));
    return result[0];
  }

  /** One number of the covariance, in 80 digits. */
  private static double exactCovariance(double[] values, int p, int q) {
    int n = values.length / FEATURES;
    BigDecimal sumP = BigDecimal.ZERO;
    BigDecimal sumQ = BigDecimal.ZERO;
    BigDecimal products = BigDecimal.ZERO;
    for (int i = 0; i < n; i++) {
      BigDecimal x = new BigDecimal(values[i * FEATURES + p]);
      BigDecimal y = new BigDecimal(values[i * FEATURES + q]);
      sumP = sumP.add(x);
      sumQ = sumQ.add(y);
      products = products.add(x.multiply(y));
    }
    return products
        .subtract(sumP.multiply(sumQ).divide(BigDecimal.valueOf(n), EXACT))
        .divide(BigDecimal.valueOf(n - 1), EXACT)
        .doubleValue();
  }

  @Test
  void theCovarianceIsExactBesideLargeMeans() {
    for (double mean : new double[] {0, 1e3, 1e7}) {
      double[] values = images(700, mean);
      Gaussian gaussian = statistics(values, 0, 700).gaussian();
      for (int p = 0; p < FEATURES; p++) {
        for (int q = 0; q < FEATURES; q++) {
          assertThat(gaussian.covariance()[p * FEATURES + q])
              .isEqualTo(exactCovariance(values, p, q), within(1e-13));
        }
      }
    }
  }

  @Test
  void partsMergedInAnyOrderAreTheWhole() {
    double[] values = images(1000, 1e6);
    Gaussian whole = statistics(values, 0, 1000).gaussian();
    int[] bounds = {0, 1, 3, 260, 600, 993, 1000};
    List<FeatureStatistics> parts = new ArrayList<>();
    for (int i = 0; i + 1 < bounds.length; i++) {
      parts.add(statistics(values, bounds[i], bounds[i + 1]));
    }
    for (List<FeatureStatistics> order : List.of(parts, parts.reversed())) {
      FeatureStatistics merged =
          order.stream().reduce(FeatureStatistics.none(FEATURES), FeatureStatistics::plus);
      assertThat(merged.images()).isEqualTo(1000);
      Gaussian gaussian = merged.gaussian();
      for (int i = 0; i < FEATURES; i++) {
        assertThat(gaussian.mean()[i] / whole.mean()[i]).isEqualTo(1, within(1e-15));
      }
      for (int i = 0; i < FEATURES * FEATURES; i++) {
        assertThat(gaussian.covariance()[i]).isEqualTo(whole.covariance()[i], within(1e-12));
      }
    }
  }

  private SavedStatistics saved(String digest, String set, int from, int to) {
    return new SavedStatistics("test", digest, List.of(set), statistics(images(50, 3), from, to));
  }

  private Path file(String name, SavedStatistics statistics) {
    Path file = folder.resolve(name);
    statistics.write(file);
    return file;
  }

  @Test
  void filesMergeToTheStatisticsOfAll() {
    Path first = file("a", saved("d", "one", 0, 20));
    Path second = file("b", saved("d", "two", 20, 50));
    SavedStatistics merged = SavedStatistics.merged(List.of(second, first));
    assertThat(merged.sets()).containsExactly("one", "two");
    assertThat(merged.statistics().images()).isEqualTo(50);
    double[] covariance = statistics(images(50, 3), 0, 50).gaussian().covariance();
    assertThat(merged.statistics().gaussian().covariance())
        .containsExactly(covariance, within(1e-13));
    // Once more through a file: not a bit is lost.
    Path third = file("c", merged);
    assertThat(SavedStatistics.read(third).statistics().gaussian().covariance())
        .isEqualTo(merged.statistics().gaussian().covariance());
  }

  @Test
  void whatCannotBeMergedIsRefused() throws Exception {
    Path first = file("a", saved("d", "one", 0, 20));
    Path other = file("b", saved("e", "two", 20, 50));
    assertThatThrownBy(() -> SavedStatistics.merged(List.of(first, other)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("use one extractor for all");
    assertThatThrownBy(() -> SavedStatistics.merged(List.of(first, first)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("give each set once");
    Path none = folder.resolve("none");
    Files.writeString(none, "no statistics");
    assertThatThrownBy(() -> SavedStatistics.read(none)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> statistics(images(9, 0), 0, 1).gaussian())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("at least 2");
  }
}
