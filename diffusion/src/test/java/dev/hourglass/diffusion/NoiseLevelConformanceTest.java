package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.config.NoiseDensity;
import dev.hourglass.config.objective.Scales;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class NoiseLevelConformanceTest {

  private static final double TOLERANCE = 1e-12;

  @TestFactory
  List<DynamicTest> everyDensityOfTheFileMapsUniformsToItsNoiseLevels() {
    return Stream.of("densities.safetensors", "variants/densities.safetensors")
        .flatMap(file -> densities(file).stream())
        .toList();
  }

  private static List<DynamicTest> densities(String file) {
    try (Golden golden = Golden.open(file)) {
      double[] uniforms = golden.doubles("in.u");
      List<String> keys = golden.keys("").stream().filter(k -> !k.startsWith("in.")).toList();
      assertThat(keys).isNotEmpty();
      return keys.stream()
          .map(
              key -> {
                double[] expected = golden.doubles(key);
                return DynamicTest.dynamicTest(
                    key,
                    () -> {
                      double[] actual = sampler(key).sigmas(uniforms);
                      assertThat(Golden.worstEach("densities/" + key, actual, expected))
                          .isLessThan(TOLERANCE);
                    });
              })
          .toList();
    }
  }

  /** Parses {@code name parameter=value ...}; a name or a parameter it does not know fails. */
  private static NoiseLevelSampler sampler(String key) {
    String[] words = key.split(" ", -1);
    Map<String, Double> values = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      String[] pair = words[i].split("=", -1);
      values.put(pair[0], Double.valueOf(pair[1]));
    }
    NoiseDensity density =
        switch (words[0]) {
          // The authors' normal distribution rounds its parameters to float32.
          case "lognormal" ->
              new NoiseDensity.LogNormal(
                  (float) take(values, "loc"), (float) take(values, "scale"));
          case "loglogistic" ->
              new NoiseDensity.LogLogistic(
                  take(values, "loc"),
                  take(values, "scale"),
                  take(values, "min"),
                  take(values, "max"));
          case "loguniform" ->
              new NoiseDensity.LogUniform(take(values, "min"), take(values, "max"));
          case "v-diffusion" ->
              new NoiseDensity.VDiffusion(take(values, "min"), take(values, "max"));
          case "cosine-interpolated" ->
              new NoiseDensity.CosineInterpolated(
                  take(values, "image_d"),
                  take(values, "low"),
                  take(values, "high"),
                  take(values, "min"),
                  take(values, "max"));
          case "logit-normal" ->
              new NoiseDensity.LogitNormal(take(values, "mean"), take(values, "std"));
          default -> throw new AssertionError("unknown density " + words[0]);
        };
    Scales scales =
        new Scales(
            values.containsKey("sigma_data") ? take(values, "sigma_data") : 1,
            values.containsKey("noise_scale") ? take(values, "noise_scale") : 1);
    assertThat(values).as("parameters of %s that were not used", key).isEmpty();
    return new NoiseLevelSampler(density, scales);
  }

  private static double take(Map<String, Double> values, String name) {
    assertThat(values).containsKey(name);
    return values.remove(name);
  }
}
