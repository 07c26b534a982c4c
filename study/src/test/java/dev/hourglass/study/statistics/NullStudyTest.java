package dev.hourglass.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Studies whose variants differ by noise alone find something as often as they may. */
class NullStudyTest {

  private static final int STUDIES = 4000;
  private static final int VARIANTS = 8;
  private static final int SEEDS = 3;

  /** Standard deviations of the binomial beyond which the test fails: by chance once in 30,000. */
  private static final double BOUND = 4;

  /** Corrected probabilities of a study: each value is that of its seed and noise of its own. */
  private static double[] corrected(SplittableRandom random, double effect) {
    double[] seeds = random.doubles(SEEDS).map(u -> 10 * u).toArray();
    double[] baseline = noisy(random, seeds, 0);
    double[] p = new double[VARIANTS];
    for (int variant = 0; variant < VARIANTS; variant++) {
      double[] values = noisy(random, seeds, variant == 0 ? effect : 0);
      p[variant] = PairedDifference.of(values, baseline).test().orElseThrow().p();
    }
    return Holm.correct(p);
  }

  private static double[] noisy(SplittableRandom random, double[] seeds, double shift) {
    return Arrays.stream(seeds).map(seed -> seed + shift + random.nextGaussian()).toArray();
  }

  private static double rateOfFindings(double effect) {
    SplittableRandom random = new SplittableRandom(12);
    int found = 0;
    for (int i = 0; i < STUDIES; i++) {
      if (Arrays.stream(corrected(random, effect)).anyMatch(p -> p <= StudyTable.LEVEL)) {
        found++;
      }
    }
    return found / (double) STUDIES;
  }

  /**
   * The variants share the baseline, so their tests depend on each other, and Holm's rate may be
   * below its level; without the correction it would be some 0.2.
   */
  @Test
  void aNullStudyFindsSomethingAtMostAtTheNominalRate() {
    double level = StudyTable.LEVEL;
    double deviation = Math.sqrt(level * (1 - level) / STUDIES);
    assertThat(rateOfFindings(0)).isBetween(level / 2, level + BOUND * deviation);
  }

  @Test
  void aLargeEffectIsFound() {
    assertThat(rateOfFindings(100)).isGreaterThan(0.9);
  }

  /** A single comparison has exactly its level. */
  @Test
  void thePairedTestAloneErrsAtItsLevel() {
    SplittableRandom random = new SplittableRandom(13);
    int found = 0;
    for (int i = 0; i < STUDIES; i++) {
      double[] seeds = random.doubles(SEEDS).toArray();
      double p =
          PairedDifference.of(noisy(random, seeds, 0), noisy(random, seeds, 0))
              .test()
              .orElseThrow()
              .p();
      if (p <= StudyTable.LEVEL) {
        found++;
      }
    }
    double deviation = Math.sqrt(StudyTable.LEVEL * (1 - StudyTable.LEVEL) / STUDIES);
    assertThat(found / (double) STUDIES)
        .isBetween(StudyTable.LEVEL - BOUND * deviation, StudyTable.LEVEL + BOUND * deviation);
  }
}
