package dev.hourglass.evaluation.features;

import dev.hourglass.core.InputException;
import java.nio.file.Path;
import java.util.Optional;

/** Which features to compare images by, as the command line names them. */
public sealed interface FeatureChoice {

  /** Loads what it takes; the caller closes it. */
  FeatureExtractor open();

  /** {@link ScatteringFeatures}, the default. */
  record Scattering() implements FeatureChoice {

    static final String NAME = "scattering";

    @Override
    public FeatureExtractor open() {
      return new ScatteringFeatures();
    }
  }

  /** {@link TorchScriptFeatures} of a file. */
  record Network(Path file, Preprocessing preprocessing) implements FeatureChoice {

    @Override
    public FeatureExtractor open() {
      return TorchScriptFeatures.open(file, preprocessing);
    }
  }

  /**
   * Reads the options {@code --features scattering|FILE.pt} and {@code --preprocess NAME}.
   *
   * @param features the name or a file
   * @param preprocess required with a file, since no file says what it wants
   * @throws InputException if the preprocessing is unknown, missing, or given without a network
   */
  static FeatureChoice of(String features, Optional<String> preprocess) {
    if (features.equals(Scattering.NAME)) {
      if (preprocess.isPresent()) {
        throw new InputException(
            "--preprocess is for the networks of --features FILE.pt; scattering has its own, so"
                + " leave it out.");
      }
      return new Scattering();
    }
    Preprocessing preprocessing =
        preprocess
            .map(Preprocessing::of)
            .orElseThrow(
                () ->
                    new InputException(
                        "--features %s needs --preprocess inception, clip, dinov2 or none: what the network was made for."
                            .formatted(features)));
    return new Network(Path.of(features), preprocessing);
  }
}
