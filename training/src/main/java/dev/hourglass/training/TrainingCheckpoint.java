package dev.hourglass.training;

import dev.hourglass.InputException;
import dev.hourglass.config.Config;
import dev.hourglass.model.Parameters;
import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.safetensors.TensorData;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A training checkpoint: one safetensors file with the weights ({@code model.}), their average
 * ({@code ema.}), the optimiser's state ({@code optimizer.}), and config and {@link TrainingState}
 * as JSON in its metadata.
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
      Parameters average,
      Optimizer optimizer) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(ModelFile.CONFIG_KEY, config.toJson());
    if (!classNames.isEmpty()) {
      metadata.put(ModelFile.CLASS_NAMES_KEY, JSON.writeValueAsString(classNames));
    }
    metadata.put(ModelFile.TRAINING_STATE_KEY, JSON.writeValueAsString(state));
    try (PointerScope scope = new PointerScope()) {
      List<TensorData> tensors = new ArrayList<>();
      tensors.addAll(weights.toData(ModelFile.TRAINED_PREFIX, DType.F32));
      tensors.addAll(average.toData(ModelFile.AVERAGED_PREFIX, DType.F32));
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

  static TrainingState readState(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      String state = file.metadata().get(ModelFile.TRAINING_STATE_KEY);
      if (state == null) {
        throw new InputException(
            "%s is not a training checkpoint; begin a run with its weights by --init instead of resuming from it."
                .formatted(path));
      }
      return JSON.readValue(state, TrainingState.class);
    } catch (JacksonException e) {
      throw new InputException(
          "%s: its training state is damaged; resume from an older checkpoint.".formatted(path), e);
    }
  }

  /** Fills the optimiser's state tensors from a file. */
  static void readOptimizer(Path path, Optimizer optimizer) {
    try (SafetensorsFile file = SafetensorsFile.open(path);
        PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      optimizer.tensors().forEach((name, tensor) -> fill(file, OPTIMIZER_PREFIX + name, tensor));
    }
  }

  private static void fill(SafetensorsFile file, String name, Tensor tensor) {
    var info = file.tensor(name);
    tensor.copy_(Tensors.ofBytes(file.bytes(name), info.dtype(), info.dimensions()));
  }
}
