package dev.hourglass.config;

import dev.hourglass.config.objective.PreconditioningType;
import dev.hourglass.config.objective.Scales;
import dev.hourglass.json.Require;

/**
 * The diffusion around a model.
 *
 * @param preconditioning what the network predicts
 * @param loss the training loss
 * @param scales of data and noise
 * @param sigmaMin smallest noise level of sampling, positive
 * @param sigmaMax largest noise level of sampling, above sigmaMin
 * @param noiseDensity density of training noise levels
 */
public record DiffusionConfig(
    PreconditioningType preconditioning,
    LossConfig loss,
    Scales scales,
    double sigmaMin,
    double sigmaMax,
    NoiseDensity noiseDensity) {

  /** Checks the ranges above. */
  public DiffusionConfig {
    requireSigmas(sigmaMin, sigmaMax);
  }

  static void requireSigmas(double sigmaMin, double sigmaMax) {
    Require.positive("model.sigma_min", sigmaMin);
    Require.positive("model.sigma_max", sigmaMax);
    Require.ordered("model.sigma_min", sigmaMin, "model.sigma_max", sigmaMax);
  }
}
