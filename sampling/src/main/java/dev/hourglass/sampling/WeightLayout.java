package dev.hourglass.sampling;

import java.util.Arrays;
import java.util.Set;

/** How the weights of a model are named in a file. */
public enum WeightLayout {
  /** As in the state dict, one set of weights. */
  INFERENCE(""),
  /** Our training checkpoint: {@code model.} trains, {@code ema.} is its average. */
  TRAINING(ModelFile.AVERAGED_PREFIX),
  /**
   * k-diffusion's training checkpoint: {@code model.} trains, {@code model_ema.} is its average.
   */
  AUTHORS_TRAINING("model_ema.");

  private final String averagedPrefix;

  WeightLayout(String averagedPrefix) {
    this.averagedPrefix = averagedPrefix;
  }

  /** The layout of a file with tensors of these names. */
  static WeightLayout of(Set<String> names) {
    return Arrays.stream(values())
        .filter(layout -> layout != INFERENCE)
        .filter(layout -> names.stream().anyMatch(n -> n.startsWith(layout.averagedPrefix)))
        .findFirst()
        .orElse(INFERENCE);
  }

  /** What the names of the weights to sample with begin with. */
  String averagedPrefix() {
    return averagedPrefix;
  }

  /** Whether the file holds more than the weights to sample with. */
  public boolean training() {
    return this != INFERENCE;
  }
}
