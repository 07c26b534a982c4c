package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.model.Conditioning;
import dev.hourglass.model.Parameters;
import dev.hourglass.ops.Kernels;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One folder of golden tensors of a model: config.json, model, case and train files; and by whom
 * they are computed again.
 */
record GoldenCase(Path folder, ScalarType type, Kernels kernels) {

  /** Where the golden tensors are: {@code -Dhourglass.conformance=DIR}. */
  static Path root() {
    return Path.of(System.getProperty("hourglass.conformance"));
  }

  static List<Path> folders() {
    try (var entries = Files.list(root())) {
      return entries.filter(f -> Files.exists(f.resolve("case.safetensors"))).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return folder.getFileName() + " " + kernels.name().toLowerCase(Locale.ROOT);
  }

  Config config() {
    return Config.load(folder.resolve("config.json"));
  }

  Parameters parameters() {
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      return Parameters.read(file, "", config().model(), type);
    }
  }

  SafetensorsFile caseFile() {
    return SafetensorsFile.open(folder.resolve("case.safetensors"));
  }

  SafetensorsFile trainFile() {
    return SafetensorsFile.open(folder.resolve("train.safetensors"));
  }

  /** A tensor of a file, in the type of this case unless it holds integers. */
  Tensor tensor(SafetensorsFile file, String name) {
    var info = file.tensor(name);
    Tensor tensor = Tensors.ofBytes(file.bytes(name), info.dtype(), info.dimensions());
    return info.dtype() == dev.hourglass.safetensors.DType.I64 ? tensor : tensor.to(type);
  }

  Conditioning conditioning(SafetensorsFile file) {
    Conditioning conditioning = Conditioning.NONE;
    if (file.tensors().containsKey("in.aug_cond")) {
      conditioning = conditioning.withAugmentation(tensor(file, "in.aug_cond"));
    }
    if (file.tensors().containsKey("in.class_cond")) {
      conditioning = conditioning.withClasses(tensor(file, "in.class_cond"));
    }
    if (file.tensors().containsKey("in.mapping_cond")) {
      conditioning = conditioning.withVector(tensor(file, "in.mapping_cond"));
    }
    return conditioning;
  }

  /** Largest difference over largest magnitude. */
  static double relativeError(double[] actual, double[] expected) {
    double difference = 0;
    double magnitude = 0;
    for (int i = 0; i < expected.length; i++) {
      double d = Math.abs(actual[i] - expected[i]);
      difference = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(difference, d);
      magnitude = Math.max(magnitude, Math.abs(expected[i]));
    }
    return magnitude == 0 ? difference : difference / magnitude;
  }
}
