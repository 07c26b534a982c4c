package dev.hourglass.diffusion.ode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DormandPrinceTest {

  @FunctionalInterface
  private interface Slope {
    double[] at(double t, double[] y);
  }

  private static DormandPrince solve(
      Slope slope, double start, double end, double tolerance, double... y) {
    DormandPrince solver =
        new DormandPrince(start, end, y, y.length, new Tolerance(tolerance, tolerance));
    while (!solver.done()) {
      solver.answer(slope.at(solver.time(), solver.state()));
    }
    return solver;
  }

  /** A circle: y'' = -y. */
  private static double[] circle(double t, double... y) {
    return new double[] {y[1], -y[0]};
  }

  @ParameterizedTest
  @CsvSource({"1, 1e-3", "-1, 1e-3", "10, 1e-5", "-7.3, 1e-7", "1e-4, 1e-9", "-10, 1e-10"})
  void circlesAreFollowedToTheToleranceForthAndBack(double end, double tolerance) {
    double[] y = solve(DormandPrinceTest::circle, 0, end, tolerance, 0, 1).state();
    assertThat(y[0]).isEqualTo(Math.sin(end), within(20 * tolerance));
    assertThat(y[1]).isEqualTo(Math.cos(end), within(20 * tolerance));
  }

  @Test
  void theErrorIsOfFifthOrderInTheNumberOfSteps() {
    double[] tolerances = {1e-5, 1e-10};
    double[] errors = new double[2];
    double[] steps = new double[2];
    for (int i = 0; i < 2; i++) {
      DormandPrince solver = solve(DormandPrinceTest::circle, 0, 20, tolerances[i], 0, 1);
      errors[i] = Math.hypot(solver.state()[0] - Math.sin(20), solver.state()[1] - Math.cos(20));
      steps[i] = solver.evaluations();
    }
    double order = Math.log(errors[0] / errors[1]) / Math.log(steps[1] / steps[0]);
    assertThat(order).isBetween(4.7, 5.3);
    // The error estimate is of fifth order for a step: ten times the steps for 1e-5 the tolerance.
    assertThat(steps[1] / steps[0]).isBetween(8.0, 12.0);
  }

  @Test
  void polynomialsOfDegreeFiveAreExact() {
    Slope slope = (t, y) -> new double[] {6 * Math.pow(t, 4) - 3 * t * t + 1};
    double y = solve(slope, -1, 2, 1e-3, 0).state()[0];
    assertThat(y).isEqualTo(6 / 5.0 * (32 + 1) - (8 + 1) + 3, within(1e-12));
  }

  @Test
  void stepsAreShortWhereTheSolutionTurns() {
    // A narrow bump at 0.7, which a step of a tenth would pass over.
    Slope slope = (t, y) -> new double[] {Math.exp(-Math.pow((t - 0.7) / 0.02, 2) / 2)};
    double y = solve(slope, 0, 1, 1e-7, 1).state()[0];
    assertThat(y).isEqualTo(1 + 0.02 * Math.sqrt(2 * Math.PI), within(1e-6));
  }

  @Test
  void aValueAfterTheLeadingOnesIsJudgedByItself() {
    double[] start = new double[1001];
    Slope slope =
        (t, y) -> {
          double[] slopes = new double[1001];
          slopes[1000] = Math.cos(20 * t) * 20;
          return slopes;
        };
    double[] errors = new double[2];
    for (int i = 0; i < 2; i++) {
      int together = i == 0 ? 1001 : 1000;
      DormandPrince solver = new DormandPrince(0, 1.3, start, together, new Tolerance(1e-4, 1e-4));
      while (!solver.done()) {
        solver.answer(slope.at(solver.time(), solver.state()));
      }
      errors[i] = Math.abs(solver.state()[1000] - Math.sin(26));
    }
    assertThat(errors[1]).isLessThan(1e-3).isLessThan(errors[0] / 3);
  }

  @Test
  void slopesThatJumpOrAreNotFiniteAreRefused() {
    assertThatThrownBy(() -> solve((t, y) -> new double[] {Double.NaN}, 0, 1, 1e-3, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not finite");
    int[] calls = {0};
    Slope noise = (t, y) -> new double[] {calls[0]++ % 2 == 0 ? 1e12 : -1e12};
    assertThatThrownBy(() -> solve(noise, 0, 1, 1e-9, 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("choose larger ones");
  }

  @Test
  void tolerancesThatAreNoneAreRefused() {
    assertThatThrownBy(() -> new Tolerance(-1, 1)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new Tolerance(1e-3, 0)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new Tolerance(Double.NaN, 1)).isInstanceOf(InputException.class);
  }
}
