package dev.hourglass.config.objective;

import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import dev.hourglass.json.Require;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The signal-to-noise ratio, cut off: {@code w0 = min(r / sigma^2, gamma q)} (Hang et al.,
 * "Efficient diffusion training via Min-SNR weighting strategy", 2023).
 *
 * @param gamma the limit, above 0
 * @param snrAdjusted whether {@code r = sd^2}, else 1
 * @param gammaAdjusted whether {@code q = sd^2}, else 1
 */
public record MinSnr(double gamma, boolean snrAdjusted, boolean gammaAdjusted)
    implements Weighting {

  static final String GAMMA = "gamma";
  static final String GAMMA_ADJUSTED = "gamma_adjust_for_sigma_data";

  private static final double DEFAULT_GAMMA = 5;

  static final Form FORM =
      new Form(
          "min-snr",
          List.of(GAMMA, Snr.SNR_ADJUSTED, GAMMA_ADJUSTED),
          (params, scales) -> read(params));

  /** Checks the range above. */
  public MinSnr {
    Require.positive("model.%s.%s".formatted(PARAMS_KEY, GAMMA), gamma);
  }

  private static MinSnr read(JsonSection params) {
    return new MinSnr(
        params.number(GAMMA, DEFAULT_GAMMA),
        params.bool(Snr.SNR_ADJUSTED, false),
        params.bool(GAMMA_ADJUSTED, false));
  }

  @Override
  public String name() {
    return FORM.name();
  }

  @Override
  public double at(double sigma, Scales scales) {
    double limit = gammaAdjusted ? gamma * scales.data() * scales.data() : gamma;
    return Math.min(new Snr(snrAdjusted).at(sigma, scales), limit);
  }

  @Override
  public void writeParams(ObjectNode params) {
    params.set(GAMMA, JsonText.numberNode(gamma));
    params.put(Snr.SNR_ADJUSTED, snrAdjusted).put(GAMMA_ADJUSTED, gammaAdjusted);
  }
}
