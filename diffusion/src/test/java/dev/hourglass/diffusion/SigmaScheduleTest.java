package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigmaScheduleTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"karras", "karras:3", "exponential", "polyexponential:1.5", "flow", "flow:3"})
  void noiseLevelsFallFromTheHighestToTheLowestAndEndWithZero(String name) {
    double[] sigmas = SigmaSchedule.parse(name).sigmas(25, new NoiseRange(0.01, 160));
    assertThat(sigmas).hasSize(26);
    assertThat(sigmas[0]).isCloseTo(160, within(1e-9));
    assertThat(sigmas[24]).isCloseTo(0.01, within(1e-12));
    assertThat(sigmas[25]).isZero();
    for (int i = 0; i < 25; i++) {
      assertThat(sigmas[i]).isGreaterThan(sigmas[i + 1]);
    }
  }

  @Test
  void oneStepGoesFromTheHighestLevelToZero() {
    assertThat(SigmaSchedule.parse("karras").sigmas(1, new NoiseRange(0.02, 40)))
        .containsExactly(new double[] {40, 0}, within(1e-9));
  }

  @Test
  void parametersFollowTheName() {
    assertThat(SigmaSchedule.parse("karras")).isEqualTo(new SigmaSchedule.Karras(7));
    assertThat(SigmaSchedule.parse("Karras:5")).isEqualTo(new SigmaSchedule.Karras(5));
    assertThat(SigmaSchedule.parse("vp:10:0.2:0.01"))
        .isEqualTo(new SigmaSchedule.Vp(10, 0.2, 0.01));
    for (String name : SigmaSchedule.NAMES) {
      assertThat(SigmaSchedule.parse(name).sigmas(3, new NoiseRange(0.1, 10))).hasSize(4);
    }
  }

  @Test
  void aNameThatIsNearlyRightIsCorrected() {
    assertThatThrownBy(() -> SigmaSchedule.parse("karas"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("did you mean \"karras\"?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "linear",
        "karras:x",
        "karras:0",
        "karras:NaN",
        "karras:1:2",
        "exponential:1",
        "vp:1:1:2"
      })
  void badSchedulesAreRefused(String text) {
    assertThatThrownBy(() -> SigmaSchedule.parse(text)).isInstanceOf(InputException.class);
  }

  @Test
  void aListIsTakenAsItIsWithAZeroAtItsEnd() {
    SigmaSchedule listed = new SigmaSchedule.Listed(List.of(90.0, 5.0, 0.1));
    assertThat(listed.sigmas(3, new NoiseRange(0.01, 80))).containsExactly(90, 5, 0.1, 0);
    assertThatThrownBy(() -> listed.sigmas(4, new NoiseRange(0.01, 80)))
        .isInstanceOf(InputException.class);
  }

  @Test
  void aListThatDoesNotFallIsRefused() {
    for (List<Double> bad :
        List.of(List.<Double>of(), List.of(1.0, 1.0), List.of(1.0, 2.0), List.of(1.0, 0.0))) {
      assertThatThrownBy(() -> new SigmaSchedule.Listed(bad)).isInstanceOf(InputException.class);
    }
  }

  @Test
  void badRangesAreRefused() {
    SigmaSchedule schedule = new SigmaSchedule.Karras(7);
    assertThatThrownBy(() -> schedule.sigmas(0, new NoiseRange(0.1, 10)))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> schedule.sigmas(5, new NoiseRange(0, 10)))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> schedule.sigmas(5, new NoiseRange(10, 1)))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> schedule.sigmas(5, new NoiseRange(Double.NaN, 1)))
        .isInstanceOf(InputException.class);
  }
}
