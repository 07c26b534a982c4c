package dev.hourglass.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PairedDifferenceTest {

  /** Student's own data (1908), R's {@code sleep}: hours of sleep gained by two drugs. */
  private static final double[] FIRST = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};

  private static final double[] SECOND = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

  @Test
  void studentsSleepDataGiveTheNumbersOfTextbooks() {
    // R: t.test(extra ~ group, data = sleep, paired = TRUE)
    PairedDifference difference = PairedDifference.of(FIRST, SECOND);
    assertThat(difference.n()).isEqualTo(10);
    assertThat(difference.mean()).isCloseTo(-1.58, within(1e-12));
    PairedDifference.Test test = difference.test().orElseThrow();
    assertThat(test.low()).isCloseTo(-2.4598858, within(1e-7));
    assertThat(test.high()).isCloseTo(-0.7001142, within(1e-7));
    assertThat(test.p()).isCloseTo(0.002833, within(1e-6));
  }

  @Test
  void aSinglePairHasADifferenceAndNoInterval() {
    PairedDifference difference = PairedDifference.of(new double[] {3}, new double[] {1});
    assertThat(difference.mean()).isEqualTo(2);
    assertThat(difference.test()).isEmpty();
  }

  @Test
  void variantsThatAreTheSameToTheBitDifferInNothing() {
    PairedDifference.Test test = PairedDifference.of(FIRST, FIRST).test().orElseThrow();
    assertThat(test).isEqualTo(new PairedDifference.Test(0, 0, 1));
  }
}
