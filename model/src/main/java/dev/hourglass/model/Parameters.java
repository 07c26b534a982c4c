package dev.hourglass.model;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.core.InputException;
import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.TensorData;
import dev.hourglass.safetensors.TensorFile;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.StoredTensor;
import dev.hourglass.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The weights of a model by their checkpoint names. Owns their memory: close it. */
public final class Parameters implements AutoCloseable {

  private final Map<ParameterSpec, Tensor> tensors;
  private final Map<String, Tensor> byName = new LinkedHashMap<>();

  private Parameters(Map<ParameterSpec, Tensor> tensors) {
    this.tensors = tensors;
    tensors.forEach((spec, tensor) -> byName.put(spec.name(), tensor));
  }

  /** Fresh weights, determined by the seed, float32 and trainable. */
  public static Parameters initial(ModelConfig model, long seed) {
    return make(
        StateDict.of(model).parameters(),
        spec -> Tensors.ofFloats(InitialValues.of(spec, seed), spec.dimensions()));
  }

  /** The tensors of a file whose names begin with {@code prefix}, as float32. */
  public static Parameters read(Path path, String prefix, ModelConfig model) {
    try (TensorFile file = WeightFile.open(path)) {
      return read(file, prefix, model, ScalarType.Float);
    }
  }

  /**
   * The tensors of a file whose names begin with {@code prefix}, converted.
   *
   * @throws InputException if a tensor is missing, has another shape, is not of floating-point
   *     numbers, holds NaN or an infinite number, or is one the model does not have
   */
  public static Parameters read(
      TensorFile file, String prefix, ModelConfig model, ScalarType type) {
    List<ParameterSpec> specs = StateDict.of(model).parameters();
    requireSameNames(file, prefix, specs);
    return make(specs, spec -> StoredTensor.read(file, prefix + spec.name(), spec.shape(), type));
  }

  /**
   * The co-author's code saves the linear layer of AdaLN a second time under this name, which its
   * {@code nn.Sequential} gives it.
   */
  private static final Pattern SECOND_NAME =
      Pattern.compile("(.*\\.(?:norm|norm_scale)\\.)mod\\.1(\\.(?:weight|bias))");

  private static void requireSameNames(TensorFile file, String prefix, List<ParameterSpec> specs) {
    List<String> missing =
        specs.stream().map(s -> prefix + s.name()).filter(n -> !file.names().contains(n)).toList();
    List<String> known = specs.stream().map(s -> prefix + s.name()).toList();
    List<String> extra =
        file.names().stream()
            .filter(n -> n.startsWith(prefix) && !known.contains(firstName(n)))
            .toList();
    if (!missing.isEmpty()) {
      throw new InputException(
          "%s lacks %d of the model's %d tensors, first %s; it is not a checkpoint of this config."
              .formatted(file.path(), missing.size(), specs.size(), missing.getFirst()));
    }
    if (!extra.isEmpty()) {
      throw new InputException(
          "%s holds %d tensors that the model does not have, first %s; it is not a checkpoint of this config."
              .formatted(file.path(), extra.size(), extra.getFirst()));
    }
  }

  private static String firstName(String name) {
    Matcher second = SECOND_NAME.matcher(name);
    return second.matches() ? second.group(1) + "linear" + second.group(2) : name;
  }

  private static Parameters make(
      List<ParameterSpec> specs, Function<ParameterSpec, Tensor> values) {
    Map<ParameterSpec, Tensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec spec : specs) {
      try (PointerScope scope = new PointerScope()) {
        Tensor tensor = Scope.own(new Tensor(values.apply(spec)));
        tensor.set_requires_grad(spec.trained());
        tensors.put(spec, tensor);
      }
    }
    return new Parameters(tensors);
  }

  /** A copy with memory of its own and no gradients: for the moving average. */
  public Parameters frozenCopy() {
    Parameters copy = make(specs(), spec -> get(spec.name()).detach().clone());
    copy.freeze();
    return copy;
  }

  /** Switches gradients off, for weights that only draw images. */
  public void freeze() {
    byName.values().forEach(tensor -> tensor.set_requires_grad(false));
  }

  /** Overwrites all values with those of {@code other}, a model of the same config. */
  public void copyFrom(Parameters other) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      byName.forEach((name, tensor) -> tensor.copy_(other.get(name)));
    }
  }

  public Tensor get(String name) {
    Tensor tensor = byName.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return tensor;
  }

  public List<ParameterSpec> specs() {
    return List.copyOf(tensors.keySet());
  }

  /** What the optimiser trains. */
  public List<ParameterSpec> trained() {
    return tensors.keySet().stream().filter(ParameterSpec::trained).toList();
  }

  /** Trained numbers, the count that papers quote. */
  public long count() {
    return trained().stream().mapToLong(ParameterSpec::elements).sum();
  }

  /**
   * The tensors as they go to a file. They refer to native memory of this model, or of the caller's
   * scope where they had to be converted: write them before that scope ends.
   *
   * @throws InputException if a number is too large for the type
   */
  public List<TensorData> toData(String prefix, DType type) {
    List<TensorData> data = new ArrayList<>();
    byName.forEach(
        (name, tensor) -> {
          Tensor dense = Tensors.dense(tensor, Tensors.scalarType(type));
          if (type == DType.F16) {
            requireWithinRange(name, tensor, dense);
          }
          data.add(TensorData.of(prefix + name, type, Tensors.shape(tensor), Tensors.bytes(dense)));
        });
    return data;
  }

  /** Float16 ends at 65504; beyond, it would hold infinity without a word. */
  private static void requireWithinRange(String name, Tensor tensor, Tensor converted) {
    if (converted.isfinite().sum().item_long() < converted.numel()) {
      throw new InputException(
          "Tensor %s holds numbers as large as %.0f, which float16 cannot hold; choose bf16 or fp32."
              .formatted(name, tensor.detach().abs().max().item_double()));
    }
  }

  @Override
  public void close() {
    byName.values().forEach(Tensor::close);
  }
}
