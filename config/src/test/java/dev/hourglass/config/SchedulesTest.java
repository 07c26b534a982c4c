package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Schedules against values computed by the authors' code. */
class SchedulesTest {

  private static final JsonNode GOLDEN =
      TestConfigs.MAPPER.readTree(TestConfigs.resource("schedules.json"));

  @Test
  void emaDecayIsTheAuthors() {
    EmaSchedule inverse = new EmaSchedule.Inverse(0.75, 0.9999);
    check("ema inverse power=0.75 max=0.9999", step -> inverse.decays(step)[0]);
  }

  @Test
  void emaDecayStopsAtItsMaximum() {
    assertThat(new EmaSchedule.Inverse(0.75, 0.999).decays(10_000_000)).containsExactly(0.999);
  }

  @Test
  void constantIsTheAuthors() {
    check("constant warmup=0.9", new LrSchedule.Constant(0.9)::factor);
  }

  @Test
  void constantWithoutWarmupIsOneFromTheFirstStep() {
    assertThat(new LrSchedule.Constant(0).factor(0)).isEqualTo(1);
  }

  @Test
  void inverseIsTheAuthors() {
    check(
        "inverse inv_gamma=2e4 power=1 warmup=0.99", new LrSchedule.Inverse(2e4, 1, 0.99)::factor);
  }

  @Test
  void exponentialIsTheAuthors() {
    check(
        "exponential num_steps=1e5 decay=0.5 warmup=0",
        new LrSchedule.Exponential(1e5, 0.5, 0)::factor);
  }

  private static void check(String name, LongToDoubleFunction schedule) {
    assertThat(GOLDEN.get(name).properties())
        .isNotEmpty()
        .allSatisfy(
            entry ->
                assertThat(schedule.applyAsDouble(Long.parseLong(entry.getKey())))
                    .isCloseTo(entry.getValue().doubleValue(), within(1e-11)));
  }
}
