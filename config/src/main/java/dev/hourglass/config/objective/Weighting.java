package dev.hourglass.config.objective;

import dev.hourglass.json.JsonSection;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the error of the denoised image counts at a noise level: {@code w0(sigma)} in the loss {@code
 * w0 mean((D(x, sigma) - x0)^2)}. Written {@code sd} below is {@link Scales#data()}.
 */
public sealed interface Weighting
    permits Karras, SoftMinSnr, AdjustedSoftMinSnr, Snr, MinSnr, Sigmoid, Velocity, Uniform {

  /** The key of the config file that names one. */
  String KEY = "loss_weighting";

  /** The key of its numbers. */
  String PARAMS_KEY = "loss_weighting_params";

  /**
   * A weighting in the config file.
   *
   * @param keys its parameters
   * @param reader reads them
   */
  record Form(String name, List<String> keys, Reader reader) {}

  /** Reads the parameters of a weighting. */
  @FunctionalInterface
  interface Reader {
    Weighting read(JsonSection params, Scales scales);
  }

  /** The name in the config file. */
  String name();

  /**
   * {@code w0} at a noise level.
   *
   * @param sigma above 0
   */
  double at(double sigma, Scales scales);

  /** Adds the parameters to those of the config file; none where they are the default's. */
  default void writeParams(ObjectNode params) {}

  /** Adds the keys to the section {@code model}. */
  default void write(ObjectNode model) {
    model.put(KEY, name());
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    writeParams(params);
    if (!params.isEmpty()) {
      model.set(PARAMS_KEY, params);
    }
  }
}
