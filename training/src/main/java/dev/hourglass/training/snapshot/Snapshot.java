package dev.hourglass.training.snapshot;

import dev.hourglass.config.Config;
import dev.hourglass.config.PowerAverage;
import dev.hourglass.core.InputException;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.WeightFile;
import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.safetensors.TensorFile;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.training.TrainingState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A power-function average of a run's weights as it stood after a step: a model file like any
 * other, in float32, whose metadata say which average it is.
 *
 * @param model of the file
 * @param sigmaRel the length of the average
 * @param step of the run
 * @param averageSteps updates of the average until then, t in the equations: the step, unless the
 *     average began anew on the way
 * @param seed of the run
 */
public record Snapshot(
    ModelFile model, double sigmaRel, long step, long averageSteps, long seed) {

  private static final String KEY = "ema_snapshot";
  private static final JsonMapper JSON = new JsonMapper();

  /** Writes the average of a run that stands at {@code state}. */
  public static void write(
      Path file,
      Config config,
      List<String> classNames,
      double sigmaRel,
      TrainingState state,
      Parameters average) {
    Map<String, String> metadata = ModelFile.metadata(config, classNames, state.step());
    metadata.put(
        KEY,
        JSON.writeValueAsString(
            JSON.createObjectNode()
                .put("sigma_rel", sigmaRel)
                .put("step", state.step())
                .put("average_steps", state.averageSteps())
                .put("seed", state.seed())));
    try (PointerScope scope = new PointerScope()) {
      SafetensorsWriter.write(file, average.toData("", DType.F32), metadata);
    }
  }

  /**
   * Reads a snapshot's description.
   *
   * @throws InputException if the file is none
   */
  static Snapshot open(Path file) {
    ModelFile model = ModelFile.open(file);
    try (TensorFile tensors = WeightFile.open(file)) {
      JsonNode json = JSON.readTree(tensors.metadata().getOrDefault(KEY, "null"));
      Snapshot snapshot =
          new Snapshot(
              model,
              json.path("sigma_rel").doubleValue(),
              json.path("step").longValue(),
              json.path("average_steps").longValue(),
              json.path("seed").longValue());
      PowerAverage.requireSigmaRel("sigma_rel", snapshot.sigmaRel);
      if (snapshot.averageSteps >= 1 && snapshot.averageSteps <= snapshot.step) {
        return snapshot;
      }
      throw new InputException("it is of no step");
    } catch (JacksonException | InputException e) {
      throw new InputException(
          "%s is no snapshot of averaged weights, or a damaged one; move it elsewhere."
              .formatted(file),
          e);
    }
  }

  /** How the average weighs the steps of training. */
  PowerWeights weights() {
    return new PowerWeights(averageSteps, new PowerAverage(sigmaRel).exponent());
  }

  /** Whether the other one is of the same model and of averages that began together with these. */
  boolean goesWith(Snapshot other) {
    return step - averageSteps == other.step - other.averageSteps
        && seed == other.seed
        && model.config().model().equals(other.model.config().model());
  }
}
