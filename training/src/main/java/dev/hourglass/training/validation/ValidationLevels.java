package dev.hourglass.training.validation;

import dev.hourglass.config.DiffusionConfig;
import dev.hourglass.config.objective.Scales;
import dev.hourglass.config.objective.SoftMinSnr;
import dev.hourglass.config.objective.Weighting;
import dev.hourglass.diffusion.NoiseLevelSampler;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The noise levels of a validation loss, and how an error counts at each. Losses compare between
 * models whose levels are equal, whatever they predict and were trained on.
 *
 * @param sigmas rising
 * @param weighting of the error of the denoised image
 * @param scales to which the weighting is relative
 */
public record ValidationLevels(List<Double> sigmas, Weighting weighting, Scales scales) {

  /** How many noise levels: bins of equal probability under the density. */
  public static final int COUNT = 8;

  public ValidationLevels {
    sigmas = List.copyOf(sigmas);
  }

  /**
   * The middles, by probability, of equal parts of the density that a model is trained with, and
   * the weighting {@code soft-min-snr}, whatever the model's own: it is finite everywhere.
   */
  public static ValidationLevels of(DiffusionConfig diffusion) {
    Scales scales = diffusion.scales();
    double[] middles = new double[COUNT];
    Arrays.setAll(middles, i -> (i + 0.5) / COUNT);
    double[] sigmas = new NoiseLevelSampler(diffusion.noiseDensity(), scales).sigmas(middles);
    return new ValidationLevels(
        DoubleStream.of(sigmas).sorted().boxed().toList(), new SoftMinSnr(), scales);
  }

  /** What to call each level in tables: its sigma to three digits. */
  public List<String> names() {
    return sigmas.stream()
        .map(sigma -> new BigDecimal(sigma).round(new MathContext(3)).toPlainString())
        .toList();
  }
}
