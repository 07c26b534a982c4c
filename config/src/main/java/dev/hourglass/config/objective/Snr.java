package dev.hourglass.config.objective;

import dev.hourglass.json.JsonSection;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The signal-to-noise ratio, {@code w0 = r / sigma^2}.
 *
 * @param snrAdjusted whether the signal's variance is counted: {@code r = sd^2}, else 1
 */
public record Snr(boolean snrAdjusted) implements Weighting {

  static final String SNR_ADJUSTED = "snr_adjust_for_sigma_data";

  static final Form FORM = new Form("snr", List.of(SNR_ADJUSTED), (params, _) -> read(params));

  private static Snr read(JsonSection params) {
    return new Snr(params.bool(SNR_ADJUSTED, false));
  }

  @Override
  public String name() {
    return FORM.name();
  }

  @Override
  public double at(double sigma, Scales scales) {
    return (snrAdjusted ? scales.data() * scales.data() : 1) / (sigma * sigma);
  }

  @Override
  public void writeParams(ObjectNode params) {
    if (snrAdjusted) {
      params.put(SNR_ADJUSTED, true);
    }
  }
}
