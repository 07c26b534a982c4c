package dev.hourglass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.architecture.AttentionBlock;
import dev.hourglass.architecture.FeedForward;
import dev.hourglass.architecture.part.Catalog;
import dev.hourglass.architecture.part.Choice;
import dev.hourglass.architecture.part.attention.SelfAttention;
import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Named;
import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.autograd.Tape;
import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.cost.ModelCost;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.ops.vector.VectorOps;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every part of {@link Catalog} must hold, each in a small model of the paper's other parts.
 */
final class PartsContractTest {

  private static final int IMAGES = 2;
  private static final int SIDE = 16;
  private static final String OUTPUT = "output";

  /** A model, named after the part that it tests. */
  record Variant(String name, String json) {
    ModelConfig model() {
      return Config.parse(json, name).model();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Variant> variants() {
    Stream<Variant> chosen =
        Stream.of(Catalog.NORMS, Catalog.ACTIVATIONS, Catalog.POSITIONS, Catalog.SKIPS)
            .flatMap(choice -> choice.parts().stream().map(part -> variant(choice, part)));
    Stream<Variant> similarities =
        Catalog.SIMILARITIES.parts().stream()
            .map(
                part ->
                    new Variant(
                        "similarity " + part.name(),
                        json("", attention("global", key(Catalog.SIMILARITIES, part)))));
    Stream<Variant> attentions =
        Catalog.ATTENTIONS.stream()
            .map(form -> new Variant("attention " + form.name(), json("", attention(form))));
    return Stream.of(chosen, similarities, attentions).flatMap(s -> s);
  }

  private static Variant variant(Choice<?> choice, Named part) {
    String attention = attention("neighborhood", ", \"kernel_size\": 3");
    return new Variant(choice.key() + " " + part.name(), json(key(choice, part), attention));
  }

  /** The default has no key, since a list of one is no choice. */
  private static String key(Choice<?> choice, Named part) {
    return part.equals(choice.byDefault())
        ? ""
        : ", \"%s\": \"%s\"".formatted(choice.key(), part.name());
  }

  private static String attention(SelfAttention.Form form) {
    Map<String, String> numbers =
        Map.of("d_head", "8", "kernel_size", "3", "window_size", "2", "landmarks", "[2, 4]");
    StringBuilder json = new StringBuilder("{\"type\": \"%s\"".formatted(form.name()));
    form.keys().forEach(key -> json.append(", \"%s\": %s".formatted(key, numbers.get(key))));
    return json.append('}').toString();
  }

  private static String attention(String type, String more) {
    return "{\"type\": \"%s\", \"d_head\": 8%s}".formatted(type, more);
  }

  private static String json(String modelKeys, String attention) {
    return """
    {"model": {"type": "image_transformer_v2", "input_channels": 2, "input_size": [%1$d, %1$d],
      "patch_size": [2, 2], "depths": [1, 1], "widths": [16, 24], "d_ffs": [24, 40],
      "mapping_width": 16, "mapping_depth": 1, "mapping_cond_dim": 3,
      "self_attns": [%2$s, %2$s], "sigma_min": 0.01, "sigma_max": 80,
      "sigma_sample_density": {"type": "cosine-interpolated"}%3$s},
     "dataset": {"type": "imagefolder-class", "num_classes": 3}}
    """
        .formatted(SIDE, attention, modelKeys);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void isReadAsItIsWritten(Variant variant) {
    Config config = Config.parse(variant.json, "test");
    assertThat(Config.parse(config.toJson(), "written")).isEqualTo(config);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void itsCostCountsItsParameters(Variant variant) {
    ModelConfig model = variant.model();
    try (Parameters parameters = Parameters.initial(model, 1)) {
      assertThat(ModelCost.of(model, model.inputSize()).parameters()).isEqualTo(parameters.count());
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void itsGradientsAreThoseOfDifferences(Variant variant) {
    ModelConfig model = variant.model();
    Ops ops = new ReferenceOps(Precision.FP32);
    double step = 1e-6;
    try (Parameters weights = StirredModel.parameters(model, ScalarType.Double, values -> values)) {
      Map<String, double[]> gradients = run(model, weights, ops, values -> values);
      for (ParameterSpec spec : weights.trained()) {
        float[] direction = noise(spec.name().hashCode(), spec.elements());
        double expected = 0;
        for (int i = 0; i < direction.length; i++) {
          expected += direction[i] * gradients.get(spec.name())[i];
        }
        double above = lossAt(model, weights, spec, direction, step, ops);
        double below = lossAt(model, weights, spec, direction, -step, ops);
        double slope = (above - below) / (2 * step);
        assertThat(slope)
            .as(spec.name())
            .isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void ourKernelsComputeItsDefinitionWithFusionsAndWithout(Variant variant) {
    Ops fused = new VectorOps(Precision.FP32);
    requireExact(
        variant.model(),
        Rounding.FLOAT32_MODEL,
        fused,
        withoutBlocks(fused),
        withoutFusions(fused));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void bfloat16IsWithinItsAllowance(Variant variant) {
    Ops fused = new VectorOps(Precision.BF16);
    requireExact(
        variant.model(),
        Rounding.BFLOAT16_MODEL,
        fused,
        withoutBlocks(fused),
        withoutFusions(fused),
        new ReferenceOps(Precision.BF16));
  }

  /**
   * Each provider's results are as exact as the number format allows on this model. Where slopes
   * jump, which numbers bfloat16 moves across the jump is luck: there the output alone counts.
   */
  static void requireExact(ModelConfig model, Rounding rounding, Ops... providers) {
    boolean jumps =
        rounding.equals(Rounding.BFLOAT16_MODEL)
            && model.parts().activation().function() == Elementwise.RELU;
    Ops exact = new ReferenceOps(Precision.FP32);
    Sensitivity sensitivity =
        Sensitivity.of(rounding, inputs -> results(model, ScalarType.Double, exact, inputs));
    for (Ops ops : providers) {
      Map<String, double[]> results = results(model, ScalarType.Float, ops, values -> values);
      if (jumps) {
        results.keySet().retainAll(List.of(OUTPUT));
      }
      results.forEach(sensitivity::require);
    }
  }

  /** The same operations, each part by its definition. */
  private static Ops withoutFusions(Ops ops) {
    return withoutFusions(ops, part -> true);
  }

  /** The same operations, each block by its definition, and what is in it as a whole. */
  private static Ops withoutBlocks(Ops ops) {
    return withoutFusions(
        ops, part -> part instanceof AttentionBlock || part instanceof FeedForward);
  }

  private static Ops withoutFusions(Ops ops, Predicate<Object> byDefinition) {
    return (Ops)
        Proxy.newProxyInstance(
            Ops.class.getClassLoader(),
            new Class<?>[] {Ops.class},
            (proxy, method, arguments) ->
                method.getName().equals("fused") && byDefinition.test(arguments[0])
                    ? Optional.empty()
                    : method.invoke(ops, arguments));
  }

  private static Map<String, double[]> results(
      ModelConfig model, ScalarType type, Ops ops, Sensitivity.Inputs inputs) {
    try (Parameters weights = StirredModel.parameters(model, type, inputs)) {
      return run(model, weights, ops, inputs);
    }
  }

  private static float[] noise(long seed, long count) {
    float[] values = new float[Math.toIntExact(count)];
    RandomStream.of(3, seed).fillGaussian(values, 0, values.length);
    return values;
  }

  /** The network's output and the gradients of all weights, for a loss that is linear in it. */
  private static Map<String, double[]> run(
      ModelConfig model, Parameters weights, Ops ops, Sensitivity.Inputs inputs) {
    try (PointerScope scope = new PointerScope();
        Tape tape = new Tape()) {
      Tensor output = output(model, weights, ops, inputs);
      output.mul(direction(weights)).sum().backward();
      Map<String, double[]> results = new LinkedHashMap<>();
      results.put(OUTPUT, Tensors.toDoubles(output));
      for (ParameterSpec spec : weights.trained()) {
        results.put(spec.name(), Tensors.toDoubles(weights.get(spec.name()).grad()));
        weights.get(spec.name()).mutable_grad().reset();
      }
      return results;
    }
  }

  private static double lossAt(
      ModelConfig model,
      Parameters weights,
      ParameterSpec spec,
      float[] direction,
      double step,
      Ops ops) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor weight = weights.get(spec.name());
      Tensor before = weight.clone();
      weight.add_(
          Tensors.ofFloats(direction, spec.dimensions())
              .to(ScalarType.Double)
              .mul(new Scalar(step)));
      double loss =
          output(model, weights, ops, values -> values).mul(direction(weights)).sum().item_double();
      weight.copy_(before);
      return loss;
    }
  }

  private static Tensor output(
      ModelConfig model, Parameters weights, Ops ops, Sensitivity.Inputs inputs) {
    ScalarType type = weights.get("out_norm.scale").scalar_type();
    Conditioning conditioning =
        Conditioning.ofClasses(Tensors.ofLongs(new long[] {0, 3}, IMAGES))
            .withVector(tensor(inputs, noise(4, IMAGES * 3), IMAGES, 3).to(type));
    return new HourglassTransformer(model, weights, ops)
        .forward(
            tensor(inputs, noise(5, IMAGES * 2 * SIDE * SIDE), IMAGES, 2, SIDE, SIDE).to(type),
            tensor(inputs, new float[] {0.3f, 2}, IMAGES).to(type),
            conditioning,
            TrainingPass.SAMPLING);
  }

  private static Tensor tensor(Sensitivity.Inputs inputs, float[] values, long... shape) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return Tensors.ofDoubles(inputs.of(wide), shape);
  }

  private static Tensor direction(Parameters weights) {
    return Tensors.ofFloats(noise(6, IMAGES * 2 * SIDE * SIDE), IMAGES, 2, SIDE, SIDE)
        .to(weights.get("out_norm.scale"));
  }
}
