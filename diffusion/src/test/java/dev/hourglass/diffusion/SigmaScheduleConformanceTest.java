package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class SigmaScheduleConformanceTest {

  /** The file has float32 arithmetic. */
  private static final double TOLERANCE = 1e-6;

  @TestFactory
  List<DynamicTest> everyScheduleOfTheFileHasItsNoiseLevels() {
    try (Golden golden = Golden.open("samplers.safetensors")) {
      List<String> names = golden.keys("sigmas.");
      assertThat(names).hasSizeGreaterThanOrEqualTo(4);
      return names.stream()
          .map(
              name -> {
                double[] expected = golden.doubles("sigmas." + name);
                String text = name.equals("polyexponential") ? name + ":1.5" : name;
                return DynamicTest.dynamicTest(
                    name,
                    () -> {
                      double[] actual =
                          SigmaSchedule.parse(text).sigmas(expected.length - 1, 0.02, 40);
                      assertThat(Golden.worst("schedules/" + name, actual, expected))
                          .isLessThan(TOLERANCE);
                    });
              })
          .toList();
    }
  }
}
