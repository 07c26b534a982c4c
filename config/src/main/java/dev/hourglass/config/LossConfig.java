package dev.hourglass.config;

/**
 * The training loss: a weighting of the preconditioned error by noise level, or the plain epsilon
 * loss. With {@code sd} = sigma_data, the weights are 1 for {@link #KARRAS}, {@code (s sd)^2 / (s^2
 * + sd^2)^2} for {@link #SOFT_MIN_SNR} and {@code sd^2 / (s^2 + sd^2)} for {@link #SNR}.
 */
public enum LossConfig {
  KARRAS("karras", "karras"),
  SOFT_MIN_SNR("karras", "soft-min-snr"),
  SNR("karras", "snr"),
  /** The unweighted error of the predicted noise; the key {@code loss_weighting} has no effect. */
  SIMPLE("simple", "karras");

  private final String lossConfig;
  private final String weighting;

  LossConfig(String lossConfig, String weighting) {
    this.lossConfig = lossConfig;
    this.weighting = weighting;
  }

  /** The value of the key {@code loss_config}. */
  String lossConfig() {
    return lossConfig;
  }

  /** The value of the key {@code loss_weighting}. */
  String weighting() {
    return weighting;
  }
}
