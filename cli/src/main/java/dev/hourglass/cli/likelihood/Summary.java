package dev.hourglass.cli.likelihood;

import dev.hourglass.diffusion.ode.ImageDensity;
import java.util.List;

/**
 * The mean over images of bits per dimension, 8-bit.
 *
 * @param standardError of the mean, from the deviation between images; NaN for a single one
 * @param evaluations of the model for an image, on average
 */
public record Summary(int images, double mean, double standardError, double evaluations) {

  /** Over at least one image. */
  public static Summary of(List<Measurement> measurements) {
    List<ImageDensity> densities = measurements.stream().map(Measurement::density).toList();
    int n = densities.size();
    double mean =
        densities.stream().mapToDouble(ImageDensity::bitsPerDim8Bit).average().orElseThrow();
    double squares =
        densities.stream().mapToDouble(d -> Math.pow(d.bitsPerDim8Bit() - mean, 2)).sum();
    double evaluations =
        densities.stream().mapToInt(ImageDensity::evaluations).average().orElseThrow();
    return new Summary(n, mean, Math.sqrt(squares / (n - 1.0) / n), evaluations);
  }

  /** One line. */
  @Override
  public String toString() {
    return images == 1
        ? "%.4f bits per dimension, 8-bit; one image, %.0f evaluations."
            .formatted(mean, evaluations)
        : "%.4f +- %.4f (standard error) bits per dimension, 8-bit; %d images, %.0f evaluations each."
            .formatted(mean, standardError, images, evaluations);
  }
}
