package dev.hourglass.training.snapshot;

import dev.hourglass.config.Config;
import dev.hourglass.core.InputException;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.WeightFile;
import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.safetensors.TensorFile;
import dev.hourglass.sampling.ModelFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import tools.jackson.core.JacksonException;

/**
 * A power-function average of a run's weights as it stood after a step: a model file like any
 * other, in float32, whose metadata say which average it is.
 */
public record Snapshot(ModelFile model, SnapshotLabel label) {

  private static final String KEY = "ema_snapshot";

  /** Writes an average. */
  public static void write(
      Path file, Config config, List<String> classNames, SnapshotLabel label, Parameters average) {
    Map<String, String> metadata = ModelFile.metadata(config, classNames, label.step());
    metadata.put(KEY, label.toJson());
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
      String label = tensors.metadata().getOrDefault(KEY, "null");
      return new Snapshot(model, SnapshotLabel.parse(label));
    } catch (JacksonException | InputException | IllegalArgumentException e) {
      throw new InputException(
          "%s is no snapshot of averaged weights, or a damaged one; move it elsewhere."
              .formatted(file),
          e);
    }
  }

  /** Whether the other one is of the same model and of averages that began together with these. */
  boolean goesWith(Snapshot other) {
    return label.beganWith(other.label)
        && model.config().model().equals(other.model.config().model());
  }
}
