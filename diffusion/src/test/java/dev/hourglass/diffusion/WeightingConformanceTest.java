package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.config.objective.Scales;
import dev.hourglass.config.objective.Weighting;
import dev.hourglass.config.objective.WeightingReader;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The weightings of errors against the golden ones, whose keys name them and their parameters. */
class WeightingConformanceTest {

  /** Numbers in the keys have six digits. */
  private static final double ROUNDED = 1e-5;

  @Test
  void weightingsAreTheGoldenOnes() {
    try (Golden golden = Golden.open("variants/weightings.safetensors")) {
      double[] sigmas = golden.doubles("in.sigma");
      List<String> keys =
          golden.keys("").stream().filter(key -> key.contains("sigma_data=")).toList();
      assertThat(keys).hasSizeGreaterThan(40);
      for (String key : keys) {
        List<String> words = List.of(key.split(" "));
        Map<String, String> values = new LinkedHashMap<>();
        words.stream()
            .skip(1)
            .map(word -> word.split("="))
            .forEach(pair -> values.put(pair[0], pair[1]));
        Scales scales =
            new Scales(
                Double.parseDouble(values.remove("sigma_data")),
                Double.parseDouble(values.getOrDefault("noise_scale", "1")));
        values.remove("noise_scale");
        Weighting weighting = read(words.getFirst(), scales, values);
        double[] weights =
            Arrays.stream(sigmas).map(sigma -> weighting.at(sigma, scales)).toArray();
        assertThat(Golden.worstEach(key, weights, golden.doubles(key))).isLessThan(1e-12);
      }
    }
  }

  /** Reads it as from a config file: {@code gamma=5} is {@code "gamma": 5}. */
  private static Weighting read(String name, Scales scales, Map<String, String> parameters) {
    String params =
        parameters.entrySet().stream()
            .filter(parameter -> !isDefaultGamma(name, parameter, scales.data()))
            .map(parameter -> "\"%s\": %s".formatted(parameter.getKey(), parameter.getValue()))
            .collect(Collectors.joining(", "));
    ObjectNode model =
        JsonText.parseObject(
            "{\"loss_weighting\": \"%s\", \"loss_weighting_params\": {%s}}"
                .formatted(name, params));
    return WeightingReader.read(new JsonSection("model", model), scales);
  }

  /** That of soft-min-snr, sd^-2: left out, it has all its digits. */
  private static boolean isDefaultGamma(
      String name, Map.Entry<String, String> parameter, double sigmaData) {
    return name.equals("soft-min-snr")
        && parameter.getKey().equals("gamma")
        && Math.abs(Double.parseDouble(parameter.getValue()) * sigmaData * sigmaData - 1) < ROUNDED;
  }
}
