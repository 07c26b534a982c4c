package dev.hourglass.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.autograd.Tape;
import dev.hourglass.compute.Compute;
import dev.hourglass.compute.Kernels;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/**
 * Four levels, nine layers, 64 x 48: more roundings in a row, and sums over more tokens, than the
 * golden tensors have.
 */
class DeepModelTest {

  private static final ModelConfig MODEL =
      StirredModel.config(
          """
          {"model": {"type": "image_transformer_v2", "input_channels": 3, "input_size": [64, 48],
            "patch_size": [2, 2], "depths": [2, 1, 1, 1], "widths": [16, 32, 48, 64],
            "mapping_width": 32, "sigma_data": 0.5, "sigma_min": 0.01, "sigma_max": 80,
            "self_attns": [{"type": "neighborhood", "d_head": 16, "kernel_size": 7},
                           {"type": "shifted-window", "d_head": 16, "window_size": 4},
                           {"type": "neighborhood", "d_head": 16, "kernel_size": 3},
                           {"type": "global", "d_head": 32}],
            "sigma_sample_density": {"type": "cosine-interpolated"}},
           "dataset": {"type": "imagefolder-class", "num_classes": 4}}
          """);

  private static double[] noise(int count, long seed) {
    float[] values = new float[count];
    RandomStream.of(seed).fillGaussian(values, 0, count);
    double[] result = new double[count];
    for (int i = 0; i < count; i++) {
      result[i] = values[i];
    }
    return result;
  }

  /** The network's output for two images, and the gradients of all weights. */
  private static Map<String, double[]> results(
      Kernels kernels, ScalarType type, Sensitivity.Inputs inputs) {
    Map<String, double[]> results = new LinkedHashMap<>();
    try (Parameters parameters = StirredModel.parameters(MODEL, type, inputs);
        PointerScope scope = new PointerScope();
        Tape tape = new Tape()) {
      var ops =
          type == ScalarType.Double
              ? new ReferenceOps(Precision.FP32)
              : new Compute(kernels, Precision.FP32).ops();
      Tensor x = Tensors.ofDoubles(inputs.of(noise(2 * 3 * 64 * 48, 5)), 2, 3, 64, 48).to(type);
      Tensor sigma = Tensors.ofDoubles(inputs.of(new double[] {0.75, 8}), 2).to(type);
      Tensor out =
          new HourglassTransformer(MODEL, parameters, ops)
              .forward(
                  x,
                  sigma,
                  Conditioning.ofClasses(Tensors.ofLongs(new long[] {1, 3}, 2)),
                  new TrainingPass(0, 0, true, false));
      results.put("out", Tensors.toDoubles(out));
      out.square().mean().backward();
      for (ParameterSpec spec : parameters.trained()) {
        results.put(spec.name(), Tensors.toDoubles(parameters.get(spec.name()).grad()));
      }
    }
    return results;
  }

  @Test
  void bothProvidersAreAsExactAsFloat32Allows() {
    Sensitivity sensitivity =
        Sensitivity.of(
            Rounding.FLOAT32_MODEL,
            inputs -> results(Kernels.REFERENCE, ScalarType.Double, inputs));
    for (Kernels kernels : new Kernels[] {Kernels.REFERENCE, Kernels.VECTOR}) {
      Map<String, double[]> computed = results(kernels, ScalarType.Float, values -> values);
      assertThat(computed.size()).isGreaterThan(80);
      Map<String, Double> ratios = new LinkedHashMap<>();
      computed.forEach((name, values) -> ratios.put(name, sensitivity.ratio(name, values)));
      System.out.printf(
          "a deep model by %s: %.2f of what is allowed%n",
          kernels, ratios.values().stream().mapToDouble(r -> r).max().orElseThrow());
      assertThat(ratios).allSatisfy((name, ratio) -> assertThat(ratio).isLessThan(1));
    }
  }
}
