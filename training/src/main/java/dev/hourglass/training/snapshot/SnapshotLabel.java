package dev.hourglass.training.snapshot;

import dev.hourglass.config.PowerAverage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which average of a run a snapshot is.
 *
 * @param sigmaRel the length of the average
 * @param step of the run
 * @param averageSteps updates of the average until then, t in the equations: the step, unless the
 *     average began anew on the way
 * @param seed of the run
 */
public record SnapshotLabel(double sigmaRel, long step, long averageSteps, long seed) {

  private static final JsonMapper JSON = new JsonMapper();

  /** Checks that the length is one, and that the average has begun. */
  public SnapshotLabel {
    PowerAverage.requireSigmaRel("sigma_rel", sigmaRel);
    if (averageSteps < 1 || averageSteps > step) {
      throw new IllegalArgumentException(
          "an average of %d steps at step %d".formatted(averageSteps, step));
    }
  }

  /** For a file's metadata. */
  String toJson() {
    return JSON.writeValueAsString(
        JSON.createObjectNode()
            .put("sigma_rel", sigmaRel)
            .put("step", step)
            .put("average_steps", averageSteps)
            .put("seed", seed));
  }

  /** Reads what {@link #toJson} wrote; any other text leads to an exception. */
  static SnapshotLabel parse(String text) {
    JsonNode json = JSON.readTree(text);
    return new SnapshotLabel(
        json.path("sigma_rel").doubleValue(),
        json.path("step").longValue(),
        json.path("average_steps").longValue(),
        json.path("seed").longValue());
  }

  /** How the average weighs the steps of training. */
  PowerWeights weights() {
    return new PowerWeights(averageSteps, new PowerAverage(sigmaRel).exponent());
  }

  /** Whether the other one is of averages that began together with this one. */
  boolean beganWith(SnapshotLabel other) {
    return seed == other.seed && step - averageSteps == other.step - other.averageSteps;
  }
}
