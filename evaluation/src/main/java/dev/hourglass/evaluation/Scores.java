package dev.hourglass.evaluation;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bytedeco.pytorch.Tensor;

/** All numbers that two sets of features are compared by. */
public final class Scores {

  private static final String JACKKNIFE = "analytic (jackknife)";

  private Scores() {}

  /**
   * Compares images with real ones: FID without and with epsilon, KID, precision, recall, density
   * and coverage where there are enough images, and the Inception Score where there are logits.
   *
   * @param real the reference, in random order, at least 2 images
   * @param images in random order, at least 2
   * @throws InputException if there are too few, or the features are of different extractors
   */
  public static List<Score> of(FeatureSet real, FeatureSet images, Resamples resamples) {
    List<Score> scores = new ArrayList<>();
    Scope.run(
        () -> {
          Tensor a = real.features();
          Tensor b = images.features();
          scores.add(fid(FrechetDistance.estimate(a, b, 0, resamples)));
          scores.add(
              fidWithEpsilon(FrechetDistance.estimate(a, b, FrechetDistance.RIDGE, resamples)));
          scores.add(Score.of("kid", "KID", KernelDistance.estimate(a, b), JACKKNIFE, true));
          if (Manifolds.enough(a.size(0), b.size(0))) {
            scores.addAll(ofManifolds(new Manifolds(a, b), resamples));
          }
          images.logits().ifPresent(logits -> scores.add(inceptionScore(logits, resamples)));
        });
    return List.copyOf(scores);
  }

  /** What can be said of sets of which mean and covariance alone are known. */
  public static List<Score> of(Gaussian real, Gaussian images) {
    return List.of(
        fid(new Estimate(FrechetDistance.between(real, images, 0), OptionalDouble.empty())),
        fidWithEpsilon(
            new Estimate(
                FrechetDistance.between(real, images, FrechetDistance.RIDGE),
                OptionalDouble.empty())));
  }

  /** The score of a key, if there is one. */
  public static Optional<Score> find(List<Score> scores, String key) {
    return scores.stream().filter(score -> score.key().equals(key)).findFirst();
  }

  private static Score fid(Estimate estimate) {
    return Score.of("fid", "FID", estimate, Resampling.BOOTSTRAP.text(), true);
  }

  private static Score fidWithEpsilon(Estimate estimate) {
    return Score.of(
        "fid_eps_1e-8", "FID, epsilon 1e-8", estimate, Resampling.BOOTSTRAP.text(), true);
  }

  private static List<Score> ofManifolds(Manifolds manifolds, Resamples resamples) {
    String method = Resampling.HALF_SAMPLES.text();
    return List.of(
        Score.of("precision", "precision", manifolds.precision(resamples), method, false),
        Score.of("recall", "recall", manifolds.recall(resamples), method, false),
        Score.of("density", "density", manifolds.density(resamples), method, false),
        Score.of("coverage", "coverage", manifolds.coverage(resamples), method, false));
  }

  private static Score inceptionScore(Tensor logits, Resamples resamples) {
    int parts = (int) Math.min(InceptionScore.PARTS, logits.size(0));
    return Score.of(
        "inception_score",
        "Inception Score, %d parts".formatted(parts),
        InceptionScore.estimate(logits, parts, resamples),
        Resampling.BOOTSTRAP.text(),
        false);
  }
}
