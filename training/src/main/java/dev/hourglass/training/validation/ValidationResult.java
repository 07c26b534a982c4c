package dev.hourglass.training.validation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The validation loss of a model.
 *
 * @param images over how many
 * @param loss the mean over images and noise levels
 * @param standardError of the mean over images, from the deviation between them; NaN for one image
 * @param byLevel the mean over images at each noise level
 */
public record ValidationResult(
    int images, double loss, double standardError, List<Double> byLevel) {

  public ValidationResult {
    byLevel = List.copyOf(byLevel);
  }

  /**
   * Summed in the order of the images, so that it does not depend on their batches.
   *
   * @param losses [images][levels], at least one of each
   */
  static ValidationResult of(double[][] losses) {
    int n = losses.length;
    int levels = losses[0].length;
    double[] means = new double[n];
    Arrays.setAll(means, i -> Arrays.stream(losses[i]).sum() / levels);
    double mean = Arrays.stream(means).sum() / n;
    double squares = Arrays.stream(means).map(m -> (m - mean) * (m - mean)).sum();
    List<Double> byLevel =
        IntStream.range(0, levels)
            .mapToObj(l -> Arrays.stream(losses).mapToDouble(image -> image[l]).sum() / n)
            .toList();
    return new ValidationResult(n, mean, Math.sqrt(squares / (n - 1.0) / n), byLevel);
  }
}
