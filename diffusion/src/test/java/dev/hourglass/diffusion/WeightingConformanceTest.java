package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.config.weighting.Weighting;
import dev.hourglass.config.weighting.WeightingReader;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import java.util.Arrays;
import java.util.List;
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
      int compared = 0;
      for (String name : List.of("karras", "snr", "min-snr", "soft-min-snr")) {
        for (String parameters : golden.keys(name + " ")) {
          List<String> words = List.of(parameters.split(" "));
          double sigmaData = number(words.getFirst());
          Weighting weighting = read(name, sigmaData, words.subList(1, words.size()));
          double[] weights =
              Arrays.stream(sigmas).map(sigma -> weighting.at(sigma, sigmaData)).toArray();
          String key = name + " " + parameters;
          assertThat(Golden.worstEach(key, weights, golden.doubles(key))).isLessThan(1e-12);
          compared++;
        }
      }
      assertThat(compared).isPositive();
    }
  }

  private static double number(String word) {
    return Double.parseDouble(word.substring(word.indexOf('=') + 1));
  }

  /** Reads it as from a config file: {@code gamma=5} is {@code "gamma": 5}. */
  private static Weighting read(String name, double sigmaData, List<String> parameters) {
    String params =
        parameters.stream()
            .filter(word -> !isDefaultGamma(name, word, sigmaData))
            .map(word -> "\"" + word.replace("=", "\": "))
            .collect(Collectors.joining(", "));
    ObjectNode model =
        JsonText.parseObject(
            "{\"loss_weighting\": \"%s\", \"loss_weighting_params\": {%s}}"
                .formatted(name, params));
    return WeightingReader.read(new JsonSection("model", model), sigmaData);
  }

  /** That of soft-min-snr, sd^-2: left out, it has all its digits. */
  private static boolean isDefaultGamma(String name, String word, double sigmaData) {
    return name.equals("soft-min-snr")
        && word.startsWith("gamma=")
        && Math.abs(number(word) * sigmaData * sigmaData - 1) < ROUNDED;
  }
}
