package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.config.EmaSchedule;
import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonText;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.WeightFile;
import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.safetensors.TensorData;
import dev.hourglass.safetensors.TensorFile;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.tensor.StoredTensor;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.training.optimizer.Optimizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.global.torch.ScalarType;
import tools.jackson.databind.json.JsonMapper;

/**
 * A training checkpoint: one safetensors file with the weights ({@code model.}), their average
 * ({@code ema.}; further ones by their lengths, {@code ema_0.1.}), the optimiser's state ({@code
 * optimizer.}), and config and {@link TrainingState} as JSON in its metadata.
 */
final class TrainingCheckpoint {

  private static final String OPTIMIZER_PREFIX = "optimizer.";
  private static final JsonMapper JSON = new JsonMapper();

  private TrainingCheckpoint() {}

  static void write(
      Path file,
      Config config,
      List<String> classNames,
      TrainingState state,
      Parameters weights,
      List<Parameters> averages,
      Optimizer optimizer) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(ModelFile.CONFIG_KEY, config.toJson());
    if (!classNames.isEmpty()) {
      metadata.put(ModelFile.CLASS_NAMES_KEY, JSON.writeValueAsString(classNames));
    }
    metadata.put(ModelFile.TRAINING_STATE_KEY, state.toJson());
    try (PointerScope scope = new PointerScope()) {
      List<TensorData> tensors = new ArrayList<>();
      tensors.addAll(weights.toData(ModelFile.TRAINED_PREFIX, DType.F32));
      List<String> prefixes = averagePrefixes(config);
      for (int i = 0; i < averages.size(); i++) {
        tensors.addAll(averages.get(i).toData(prefixes.get(i), DType.F32));
      }
      optimizer
          .tensors()
          .forEach(
              (name, tensor) ->
                  tensors.add(
                      TensorData.of(
                          OPTIMIZER_PREFIX + name,
                          DType.F32,
                          Tensors.shape(tensor),
                          Tensors.bytes(tensor))));
      SafetensorsWriter.write(file, tensors, metadata);
    }
  }

  /**
   * Reads where a checkpoint stands.
   *
   * @param advice what to do if the checkpoint is damaged
   */
  static TrainingState readState(Path path, String advice) {
    try (TensorFile file = WeightFile.open(path)) {
      String state = file.metadata().get(ModelFile.TRAINING_STATE_KEY);
      if (state == null) {
        throw new InputException(
            "%s is not a training checkpoint; begin a run with its weights by --init instead of resuming from it."
                .formatted(path));
      }
      return TrainingState.parse(state);
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "%s: its training state is damaged (%s); %s.".formatted(path, e.getMessage(), advice), e);
    }
  }

  /** What the names of each average's tensors begin with. */
  private static List<String> averagePrefixes(Config config) {
    List<String> prefixes = new ArrayList<>(List.of(ModelFile.AVERAGED_PREFIX));
    if (config.emaSchedule() instanceof EmaSchedule.Power power) {
      power.sigmaRels().stream()
          .skip(1)
          .forEach(sigmaRel -> prefixes.add("ema_%s.".formatted(JsonText.number(sigmaRel))));
    }
    return prefixes;
  }

  /** The averages that the config asks for; the caller closes them. */
  static List<Parameters> readAverages(Path path, Config config) {
    List<Parameters> averages = new ArrayList<>();
    for (String prefix : averagePrefixes(config)) {
      Parameters average = Parameters.read(path, prefix, config.model());
      average.freeze();
      averages.add(average);
    }
    return averages;
  }

  /** Fills the optimiser's state tensors from a file. */
  static void readOptimizer(Path path, Optimizer optimizer) {
    try (TensorFile file = WeightFile.open(path);
        PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      optimizer
          .tensors()
          .forEach(
              (name, tensor) ->
                  tensor.copy_(
                      StoredTensor.read(
                          file,
                          OPTIMIZER_PREFIX + name,
                          Arrays.stream(Tensors.shape(tensor)).boxed().toList(),
                          ScalarType.Float)));
    }
  }
}
