package dev.hourglass.config;

import dev.hourglass.json.Require;

/**
 * The diffusion around a model.
 *
 * @param loss the training loss
 * @param sigmaData standard deviation of the data, positive
 * @param sigmaMin smallest noise level of sampling, positive
 * @param sigmaMax largest noise level of sampling, above sigmaMin
 * @param noiseDensity density of training noise levels
 */
public record DiffusionConfig(
    LossConfig loss,
    double sigmaData,
    double sigmaMin,
    double sigmaMax,
    NoiseDensity noiseDensity) {

  /** Checks the ranges above. */
  public DiffusionConfig {
    requireSigmas(sigmaData, sigmaMin, sigmaMax);
  }

  static void requireSigmas(double sigmaData, double sigmaMin, double sigmaMax) {
    Require.positive("model.sigma_data", sigmaData);
    Require.positive("model.sigma_min", sigmaMin);
    Require.positive("model.sigma_max", sigmaMax);
    Require.ordered("model.sigma_min", sigmaMin, "model.sigma_max", sigmaMax);
  }
}
