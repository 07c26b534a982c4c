package dev.hourglass.config;

import dev.hourglass.config.objective.Scales;
import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import java.util.List;

/**
 * Reads {@code model.sigma_sample_density}; most defaults depend on other values of the model.
 *
 * @param scales of data and noise
 * @param sigmaMin {@code model.sigma_min}
 * @param sigmaMax {@code model.sigma_max}
 * @param inputSize {@code model.input_size}
 */
record NoiseDensityReader(Scales scales, double sigmaMin, double sigmaMax, Size inputSize) {

  static final double DEFAULT_MIN = 1e-3;
  static final double DEFAULT_MAX = 1e3;
  static final double DEFAULT_LOGISTIC_SCALE = 0.5;
  static final double DEFAULT_NOISE_D_LOW = 32;

  private static final List<String> TYPES =
      List.of(
          "lognormal",
          "loglogistic",
          "loguniform",
          "v-diffusion",
          "cosine",
          "split-lognormal",
          "cosine-interpolated",
          "logit-normal");

  NoiseDensity read(JsonSection section) {
    return switch (section.oneOf("type", TYPES)) {
      case "lognormal" -> logNormal(section);
      case "loglogistic" -> logLogistic(section);
      case "loguniform" -> logUniform(section);
      case "split-lognormal" -> splitLogNormal(section);
      case "cosine-interpolated" -> cosineInterpolated(section);
      case "logit-normal" -> logitNormal(section);
      default -> vDiffusion(section);
    };
  }

  private static NoiseDensity logNormal(JsonSection section) {
    section.allow(List.of("type", "loc", "mean", "scale", "std"));
    return new NoiseDensity.LogNormal(
        aliased(section, "loc", "mean"), aliased(section, "scale", "std"));
  }

  private NoiseDensity logLogistic(JsonSection section) {
    section.allow(List.of("type", "loc", "scale", "min_value", "max_value"));
    return new NoiseDensity.LogLogistic(
        section.number("loc", Math.log(scales.data())),
        section.number("scale", DEFAULT_LOGISTIC_SCALE),
        section.number("min_value", 0),
        section.number("max_value", Double.POSITIVE_INFINITY));
  }

  private NoiseDensity logUniform(JsonSection section) {
    section.allow(List.of("type", "min_value", "max_value"));
    return new NoiseDensity.LogUniform(
        section.number("min_value", sigmaMin), section.number("max_value", sigmaMax));
  }

  private static NoiseDensity vDiffusion(JsonSection section) {
    section.allow(List.of("type", "min_value", "max_value"));
    return new NoiseDensity.VDiffusion(
        section.number("min_value", DEFAULT_MIN), section.number("max_value", DEFAULT_MAX));
  }

  private static NoiseDensity splitLogNormal(JsonSection section) {
    section.allow(List.of("type", "loc", "mean", "scale_1", "std_1", "scale_2", "std_2"));
    return new NoiseDensity.SplitLogNormal(
        aliased(section, "loc", "mean"),
        aliased(section, "scale_1", "std_1"),
        aliased(section, "scale_2", "std_2"));
  }

  private static NoiseDensity logitNormal(JsonSection section) {
    section.allow(List.of("type", "mean", "std"));
    return new NoiseDensity.LogitNormal(section.number("mean"), section.number("std"));
  }

  private NoiseDensity cosineInterpolated(JsonSection section) {
    section.allow(
        List.of("type", "image_d", "noise_d_low", "noise_d_high", "min_value", "max_value"));
    return new NoiseDensity.CosineInterpolated(
        section.number("image_d", inputSize.longerSide()),
        section.number("noise_d_low", DEFAULT_NOISE_D_LOW),
        section.number("noise_d_high", inputSize.longerSide()),
        section.number("min_value", Math.min(sigmaMin, DEFAULT_MIN)),
        section.number("max_value", Math.max(sigmaMax, DEFAULT_MAX)));
  }

  private static double aliased(JsonSection section, String key, String alias) {
    if (!section.has(alias)) {
      return section.number(key);
    }
    if (section.has(key)) {
      throw new InputException(
          "%s and %s mean the same; keep one of them."
              .formatted(section.path(key), section.path(alias)));
    }
    return section.number(alias);
  }
}
