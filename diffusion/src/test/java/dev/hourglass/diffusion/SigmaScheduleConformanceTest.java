package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

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
                          SigmaSchedule.parse(text)
                              .sigmas(expected.length - 1, new NoiseRange(0.02, 40));
                      assertThat(Golden.worst("schedules/" + name, actual, expected))
                          .isLessThan(TOLERANCE);
                    });
              })
          .toList();
    }
  }

  @Test
  void theScheduleOfFlowMatchingIsTheGoldenOne() throws IOException {
    Path file = Path.of(System.getProperty("hourglass.conformance"), "variants/schedules.json");
    ObjectNode schedules = JsonText.parseObject(Files.readString(file));
    assertThat(schedules.propertyNames()).isNotEmpty();
    for (String key : schedules.propertyNames()) {
      String[] words = key.split(" ", -1);
      double[] expected =
          schedules.get(key).valueStream().mapToDouble(JsonNode::doubleValue).toArray();
      double[] actual =
          SigmaSchedule.parse(words[0])
              .sigmas(
                  (int) number(words[1]),
                  new NoiseRange(number(words[2]), number(words[3]), number(words[4])));
      assertThat(Golden.worst(key, actual, expected)).isLessThan(1e-13);
    }
  }

  private static double number(String word) {
    return Double.parseDouble(word.substring(word.indexOf('=') + 1));
  }
}
