package dev.hourglass.training;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.compute.Compute;
import dev.hourglass.compute.Kernels;
import dev.hourglass.config.Config;
import dev.hourglass.config.LossConfig;
import dev.hourglass.config.objective.Karras;
import dev.hourglass.config.objective.Snr;
import dev.hourglass.config.objective.SoftMinSnr;
import dev.hourglass.config.objective.Weighting;
import dev.hourglass.model.Conditioning;
import dev.hourglass.model.Parameters;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.testing.Sensitivity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One folder of golden tensors of a model: config.json, model, case and train files; and by whom
 * they are computed again.
 */
public record GoldenCase(Path folder, ScalarType type, Kernels kernels, Ops ops) {

  private static final String VARIANTS = "variants";

  private static final Map<String, LossConfig> PAPER_LOSSES =
      Map.of(
          "karras", new LossConfig.Weighted(new Karras()),
          "soft-min-snr", new LossConfig.Weighted(new SoftMinSnr()),
          "snr", new LossConfig.Weighted(new Snr(false)),
          "simple", new LossConfig.Simple());

  /**
   * The paper's cases hold what the authors' code computes, its roundings of angles too; those of
   * the variants have exact angles, which the float64 run therefore computes.
   */
  public GoldenCase(Path folder, ScalarType type, Kernels kernels) {
    this(
        folder,
        type,
        kernels,
        type == ScalarType.Double && isVariant(folder)
            ? ExactAngles.in(new Compute(kernels, Precision.FP32).ops())
            : new Compute(kernels, Precision.FP32).ops());
  }

  private static boolean isVariant(Path folder) {
    return folder.getParent().endsWith(VARIANTS);
  }

  /** Where the golden tensors are: {@code -Dhourglass.conformance=DIR}. */
  static Path root() {
    return Path.of(System.getProperty("hourglass.conformance"));
  }

  /** Of the paper's cases. */
  public static List<Path> folders() {
    return folders(root());
  }

  /** Of the cases of variants. */
  public static List<Path> variants() {
    return folders(root().resolve(VARIANTS));
  }

  private static List<Path> folders(Path root) {
    try (var entries = Files.list(root)) {
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

  /** The losses of the case by their names in its file. */
  Map<String, LossConfig> losses() {
    LossConfig own = config().model().diffusion().loss();
    return isVariant(folder) && own instanceof LossConfig.Weighted(Weighting weighting, double _)
        ? Map.of(weighting.name(), own)
        : PAPER_LOSSES;
  }

  /** The loss whose gradients the case has. */
  LossConfig differentiated() {
    return isVariant(folder)
        ? config().model().diffusion().loss()
        : PAPER_LOSSES.get("soft-min-snr");
  }

  public Parameters parameters() {
    return parameters(values -> values);
  }

  /** The weights, taken through {@code inputs}. */
  Parameters parameters(Sensitivity.Inputs inputs) {
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      Parameters parameters = Parameters.read(file, "", config().model(), type);
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        for (ParameterSpec spec : parameters.specs()) {
          Tensor weight = parameters.get(spec.name());
          double[] values = inputs.of(Tensors.toDoubles(weight));
          weight.copy_(Tensors.ofDoubles(values, spec.dimensions()));
        }
      }
      return parameters;
    }
  }

  SafetensorsFile caseFile() {
    return SafetensorsFile.open(folder.resolve("case.safetensors"));
  }

  SafetensorsFile trainFile() {
    return SafetensorsFile.open(folder.resolve("train.safetensors"));
  }

  /** Numbers of a file, taken through {@code inputs}, in the type of this case. */
  Tensor tensor(SafetensorsFile file, String name, Sensitivity.Inputs inputs) {
    double[] values = inputs.of(file.doubles(name));
    return Tensors.ofDoubles(values, file.tensor(name).dimensions()).to(type);
  }

  Conditioning conditioning(SafetensorsFile file, Sensitivity.Inputs inputs) {
    Conditioning conditioning = Conditioning.NONE;
    if (file.tensors().containsKey("in.aug_cond")) {
      conditioning = conditioning.withAugmentation(tensor(file, "in.aug_cond", inputs));
    }
    if (file.tensors().containsKey("in.class_cond")) {
      var info = file.tensor("in.class_cond");
      conditioning =
          conditioning.withClasses(
              Tensors.ofBytes(file.bytes(info.name()), info.dtype(), info.dimensions()));
    }
    if (file.tensors().containsKey("in.mapping_cond")) {
      conditioning = conditioning.withVector(tensor(file, "in.mapping_cond", inputs));
    }
    return conditioning;
  }

  /** Largest difference over largest magnitude. */
  public static double relativeError(double[] actual, double[] expected) {
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
