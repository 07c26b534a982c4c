package dev.hourglass.config.objective;

import dev.hourglass.json.JsonText;
import dev.hourglass.json.Require;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The loss of flow matching: {@code w0 = 1 / max(1 - t, floor)^2}, {@code 1 - t = sigma / (s +
 * sigma)} with the noise scale s (clipped as by Li and He, "Back to basics: let denoising
 * generative models denoise", 2025).
 *
 * @param floor the smallest {@code 1 - t} that is divided by, above 0
 */
public record Velocity(double floor) implements Weighting {

  private static final String FLOOR = "floor";

  private static final double DEFAULT_FLOOR = 0.05;

  static final Form FORM =
      new Form(
          "velocity",
          List.of(FLOOR),
          (params, scales) -> new Velocity(params.number(FLOOR, DEFAULT_FLOOR)));

  /** Checks the range above. */
  public Velocity {
    Require.positive("model.%s.%s".formatted(PARAMS_KEY, FLOOR), floor);
  }

  @Override
  public String name() {
    return FORM.name();
  }

  @Override
  public double at(double sigma, Scales scales) {
    double noisy = Math.max(sigma / (scales.noise() + sigma), floor);
    return 1 / (noisy * noisy);
  }

  @Override
  public void writeParams(ObjectNode params) {
    params.set(FLOOR, JsonText.numberNode(floor));
  }
}
