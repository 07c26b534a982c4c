package dev.hourglass.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.evaluation.store.FeatureStatistics;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScoresTest {

  private static final Resamples RESAMPLES = new Resamples(5, 0);

  private static FeatureSet set(double[][] features, Optional<double[][]> logits) {
    return FeatureSet.copyOf(features.length, flat(features), logits.map(ScoresTest::flat));
  }

  private static MemorySegment flat(double[][] rows) {
    return MemorySegment.ofArray(Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray());
  }

  private static List<String> keys(List<Score> scores) {
    return scores.stream().map(Score::key).toList();
  }

  @Test
  void logitsGiveAnInceptionScoreAndAFewImagesNoManifolds() {
    try (FeatureSet real = set(Sets.normal(1, 30, 3, 0, 1), Optional.empty());
        FeatureSet many =
            set(Sets.normal(2, 20, 3, 0, 1), Optional.of(Sets.normal(3, 20, 4, 0, 1)));
        FeatureSet few = set(Sets.normal(4, 4, 3, 0, 1), Optional.empty())) {
      List<Score> all = Scores.of(real, many, RESAMPLES);
      assertThat(keys(all))
          .containsExactly(
              "fid",
              "fid_eps_1e-8",
              "kid",
              "precision",
              "recall",
              "density",
              "coverage",
              "inception_score");
      assertThat(all).allMatch(score -> score.standardError().isPresent());
      assertThat(Scores.find(all, "inception_score").orElseThrow().value()).isGreaterThan(1);
      assertThat(keys(Scores.of(real, few, RESAMPLES)))
          .containsExactly("fid", "fid_eps_1e-8", "kid");
    }
  }

  @Test
  void sumsGiveTheFrechetDistanceOfTheFeatures() {
    try (FeatureSet real = set(Sets.normal(1, 30, 3, 0, 1), Optional.empty());
        FeatureSet images = set(Sets.normal(2, 20, 3, 1, 2), Optional.empty())) {
      List<Score> ofFeatures = Scores.of(real, images, new Resamples(0, 0));
      List<Score> ofSums =
          Scores.of(
              FeatureStatistics.of(real.features()).gaussian(),
              FeatureStatistics.of(images.features()).gaussian());
      for (int i = 0; i < 2; i++) {
        assertThat(ofSums.get(i).key()).isEqualTo(ofFeatures.get(i).key());
        assertThat(ofSums.get(i).value()).isEqualTo(ofFeatures.get(i).value(), within(1e-11));
        assertThat(ofSums.get(i).standardError()).isEmpty();
      }
    }
  }

  @Test
  void featuresOfDifferentKindsAreRefused() {
    try (FeatureSet real = set(Sets.normal(1, 30, 3, 0, 1), Optional.empty());
        FeatureSet other = set(Sets.normal(2, 20, 4, 0, 1), Optional.empty())) {
      assertThatThrownBy(() -> Scores.of(real, other, RESAMPLES))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("features of one kind");
    }
  }

  @Test
  void theNearestRealImageOfEachIsFound() {
    try (FeatureSet real = set(new double[][] {{0, 0}, {5, 5}, {5, 6}}, Optional.empty());
        FeatureSet images = set(new double[][] {{5, 5.75}, {3, 4}, {0, 0}}, Optional.empty())) {
      NearestImages nearest = NearestImages.find(real, images);
      assertThat(nearest.indices()).containsExactly(2, 1, 0);
      assertThat(nearest.distances()).containsExactly(0.25, Math.sqrt(5), 0);
      assertThat(nearest.median()).isEqualTo(0.25);
      assertThat(nearest.medianReal()).isEqualTo(1);
    }
  }
}
