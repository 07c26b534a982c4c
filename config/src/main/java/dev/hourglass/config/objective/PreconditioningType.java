package dev.hourglass.config.objective;

import dev.hourglass.json.JsonSection;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** What the network predicts (key {@code preconditioning}). */
public enum PreconditioningType {
  /** A mix of image and noise, at unit variance for every noise level (Karras et al. 2022). */
  KARRAS,
  /** The noise (Ho et al. 2020). */
  EPSILON,
  /** The image (Li and He, "Back to basics: let denoising generative models denoise", 2025). */
  X,
  /** The velocity from image to noise (flow matching, Lipman et al. 2023). */
  FLOW;

  /** The key of the config file. */
  public static final String KEY = "preconditioning";

  /** The name in the config file. */
  public String jsonName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** That of the section {@code model}. */
  public static PreconditioningType read(JsonSection model) {
    List<String> names = Arrays.stream(values()).map(PreconditioningType::jsonName).toList();
    return values()[names.indexOf(model.oneOf(KEY, names, KARRAS.jsonName()))];
  }

  /** Adds the key to the section {@code model}, where it is not the default. */
  public void write(ObjectNode model) {
    if (this != KARRAS) {
      model.put(KEY, jsonName());
    }
  }
}
