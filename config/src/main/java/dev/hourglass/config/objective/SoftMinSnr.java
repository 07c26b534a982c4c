package dev.hourglass.config.objective;

import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import java.util.List;

/**
 * {@code w0 = 1 / (sigma^2 + sd^2)}: min-SNR with a limit of {@code sd^-2} and a smooth corner
 * (Crowson et al. 2024, section 3.4). With its flag {@code snr_adjust_for_sigma_data} it is {@link
 * AdjustedSoftMinSnr}.
 */
public record SoftMinSnr() implements Weighting {

  /** Decimals of a config file need not be exact. */
  private static final double TOLERANCE = 1e-5;

  static final Form FORM =
      new Form(
          "soft-min-snr",
          List.of(MinSnr.GAMMA, Snr.SNR_ADJUSTED, MinSnr.GAMMA_ADJUSTED),
          SoftMinSnr::read);

  private static Weighting read(JsonSection params, Scales scales) {
    double neutral = 1 / (scales.data() * scales.data());
    double gamma = params.number(MinSnr.GAMMA, neutral);
    boolean gammaAdjusted = params.bool(MinSnr.GAMMA_ADJUSTED, false);
    if (params.bool(Snr.SNR_ADJUSTED, false)) {
      return new AdjustedSoftMinSnr(gamma, gammaAdjusted);
    }
    if (gammaAdjusted) {
      throw new InputException(
          "%s is true, but %s is not; set both or neither."
              .formatted(params.path(MinSnr.GAMMA_ADJUSTED), params.path(Snr.SNR_ADJUSTED)));
    }
    if (!(Math.abs(gamma / neutral - 1) <= TOLERANCE)) {
      throw new InputException(
          "%s is %s, but without %s it can only be model.sigma_data^-2, which is %s; remove it or set that to true."
              .formatted(
                  params.path(MinSnr.GAMMA),
                  JsonText.number(gamma),
                  Snr.SNR_ADJUSTED,
                  JsonText.number(neutral)));
    }
    return new SoftMinSnr();
  }

  @Override
  public String name() {
    return FORM.name();
  }

  @Override
  public double at(double sigma, Scales scales) {
    return 1 / (sigma * sigma + scales.data() * scales.data());
  }
}
