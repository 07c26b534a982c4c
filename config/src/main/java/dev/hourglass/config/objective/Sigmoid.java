package dev.hourglass.config.objective;

import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import dev.hourglass.json.Require;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code w0 = 1 / (sigma^2 + exp(-bias))}: with the error of the noise in view, the logistic
 * function of {@code bias - log SNR} for data of unit variance (Hoogeboom et al., "Simpler
 * diffusion", 2025). With a bias of {@code -2 ln sd} it is {@link SoftMinSnr}.
 *
 * @param bias larger values give more weight to low noise; by default {@code -2 ln sd}
 */
public record Sigmoid(double bias) implements Weighting {

  private static final String BIAS = "bias";

  static final Form FORM = new Form("sigmoid", List.of(BIAS), Sigmoid::read);

  /** Checks that it is a number. */
  public Sigmoid {
    Require.finite("model.%s.%s".formatted(PARAMS_KEY, BIAS), bias);
  }

  private static Sigmoid read(JsonSection params, Scales scales) {
    return new Sigmoid(params.number(BIAS, -2 * Math.log(scales.data())));
  }

  @Override
  public String name() {
    return FORM.name();
  }

  @Override
  public double at(double sigma, Scales scales) {
    return 1 / (sigma * sigma + Math.exp(-bias));
  }

  @Override
  public void writeParams(ObjectNode params) {
    params.set(BIAS, JsonText.numberNode(bias));
  }
}
