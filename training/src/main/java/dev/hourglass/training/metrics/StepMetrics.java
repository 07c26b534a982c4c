package dev.hourglass.training.metrics;

import dev.hourglass.training.validation.ValidationResult;
import java.util.Optional;

/**
 * What one optimiser step gave. All but the times are determined by config, settings, data and
 * seed.
 *
 * @param step counts from 1
 * @param images drawn so far
 * @param loss mean over the step's images
 * @param lossAverage its moving average, with the decay of the averaged weights
 * @param gradientNorm before clipping
 * @param learningRate of this step
 * @param seconds that the step took
 * @param imagesPerSecond in this step
 * @param validation after it, if one was due
 */
public record StepMetrics(
    long step,
    long images,
    double loss,
    double lossAverage,
    double gradientNorm,
    double learningRate,
    double seconds,
    double imagesPerSecond,
    Optional<ValidationResult> validation) {

  /** With a validation after the step. */
  public StepMetrics withValidation(Optional<ValidationResult> result) {
    return new StepMetrics(
        step,
        images,
        loss,
        lossAverage,
        gradientNorm,
        learningRate,
        seconds,
        imagesPerSecond,
        result);
  }
}
