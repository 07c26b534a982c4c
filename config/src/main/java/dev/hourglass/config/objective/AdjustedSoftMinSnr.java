package dev.hourglass.config.objective;

import dev.hourglass.json.JsonText;
import dev.hourglass.json.Require;
import tools.jackson.databind.node.ObjectNode;

/**
 * Soft-min-SNR with {@code snr_adjust_for_sigma_data}: {@code w0 = sd^4 sigma^2 / ((sigma^2 + sd^2)
 * (sigma^2 + q / gamma))}. The formula of the ablation code, kept although it holds {@code c_out^2}
 * once too often.
 *
 * @param gamma the limit, above 0
 * @param gammaAdjusted whether {@code q = sd^2}, else 1
 */
public record AdjustedSoftMinSnr(double gamma, boolean gammaAdjusted) implements Weighting {

  /** Checks the range above. */
  public AdjustedSoftMinSnr {
    Require.positive("model.%s.%s".formatted(PARAMS_KEY, MinSnr.GAMMA), gamma);
  }

  @Override
  public String name() {
    return SoftMinSnr.FORM.name();
  }

  @Override
  public double at(double sigma, Scales scales) {
    double noise = sigma * sigma;
    double signal = scales.data() * scales.data();
    double corner = (gammaAdjusted ? signal : 1) / gamma;
    return signal * signal * noise / ((noise + signal) * (noise + corner));
  }

  @Override
  public void writeParams(ObjectNode params) {
    params.set(MinSnr.GAMMA, JsonText.numberNode(gamma));
    params.put(Snr.SNR_ADJUSTED, true).put(MinSnr.GAMMA_ADJUSTED, gammaAdjusted);
  }
}
