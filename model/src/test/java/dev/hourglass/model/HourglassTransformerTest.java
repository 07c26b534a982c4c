package dev.hourglass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.autograd.Tape;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.cost.ModelCost;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.tensor.Tensors;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class HourglassTransformerTest {

  private static final ModelConfig MODEL =
      StirredModel.config(
          """
          {"model": {"type": "image_transformer_v2", "input_channels": 3, "input_size": [24, 40],
            "patch_size": [2, 2], "depths": [2, 1, 1], "widths": [16, 32, 48], "mapping_width": 32,
            "dropout_rate": [0.2, 0.2, 0.2], "sigma_data": 0.5, "sigma_min": 0.01, "sigma_max": 80,
            "self_attns": [{"type": "neighborhood", "d_head": 16, "kernel_size": 3},
                           {"type": "shifted-window", "d_head": 16, "window_size": 2},
                           {"type": "global", "d_head": 16}],
            "sigma_sample_density": {"type": "cosine-interpolated"}},
           "dataset": {"type": "imagefolder-class", "num_classes": 4}}
          """);

  private static Tensor images(int n, long seed) {
    float[] values = new float[n * 3 * 24 * 40];
    RandomStream.of(seed).fillGaussian(values, 0, values.length);
    return Tensors.ofFloats(values, n, 3, 24, 40);
  }

  private static Conditioning classes(int n) {
    return Conditioning.ofClasses(Tensors.ofLongs(new long[n], n));
  }

  private static Tensor sigmas(int n) {
    return Tensors.ofFloats(new float[n], n).add(new Scalar(0.7f));
  }

  private static Parameters stirred() {
    return stirred(ScalarType.Float);
  }

  private static Parameters stirred(ScalarType type) {
    return StirredModel.parameters(MODEL, type, values -> values);
  }

  private static HourglassTransformer network(Parameters parameters, Precision precision) {
    return new HourglassTransformer(MODEL, parameters, new ReferenceOps(precision));
  }

  @Test
  void aFreshModelPredictsZero() {
    try (Parameters parameters = Parameters.initial(MODEL, 3);
        PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor out =
          network(parameters, Precision.FP32)
              .forward(images(1, 1), sigmas(1), classes(1), TrainingPass.SAMPLING);
      assertThat(Tensors.shape(out)).containsExactly(1, 3, 24, 40);
      assertThat(out.abs().max().item_double()).isZero();
    }
  }

  @Test
  void itHasAsManyParametersAsItsCostSays() {
    try (Parameters parameters = Parameters.initial(MODEL, 3)) {
      assertThat(parameters.count()).isEqualTo(ModelCost.of(MODEL, MODEL.inputSize()).parameters());
    }
  }

  @Test
  void anImageDoesNotDependOnTheOthersInItsBatch() {
    try (Parameters parameters = stirred(ScalarType.Double);
        PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      HourglassTransformer network = network(parameters, Precision.FP32);
      Tensor x = images(3, 5).to(ScalarType.Double);
      Tensor sigmas = sigmas(3).to(ScalarType.Double);
      Tensor together = network.forward(x, sigmas, classes(3), TrainingPass.SAMPLING);
      Tensor alone =
          network.forward(
              x.narrow(0, 1, 1), sigmas.narrow(0, 1, 1), classes(1), TrainingPass.SAMPLING);
      assertThat(together.narrow(0, 1, 1).sub(alone).abs().max().item_double()).isLessThan(1e-12);
    }
  }

  @Test
  void bfloat16IsCloseToFloat32() {
    try (Parameters parameters = stirred();
        PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor x = images(2, 5);
      Tensor exact =
          network(parameters, Precision.FP32)
              .forward(x, sigmas(2), classes(2), TrainingPass.SAMPLING);
      Tensor rough =
          network(parameters, Precision.BF16)
              .forward(x, sigmas(2), classes(2), TrainingPass.SAMPLING);
      double error = exact.sub(rough).norm().item_double() / exact.norm().item_double();
      assertThat(error).isBetween(1e-5, 0.03);
    }
  }

  @Test
  void dropoutIsAFunctionOfSeedAndImage() {
    try (Parameters parameters = stirred();
        PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      HourglassTransformer network = network(parameters, Precision.FP32);
      Tensor x = images(1, 5);
      double first = sum(network, x, new TrainingPass(1, 10, true, false));
      assertThat(sum(network, x, new TrainingPass(1, 10, true, false)))
          .isEqualTo(first, within(0.0));
      assertThat(sum(network, x, new TrainingPass(1, 11, true, false))).isNotEqualTo(first);
      assertThat(sum(network, x, new TrainingPass(2, 10, true, false))).isNotEqualTo(first);
      assertThat(sum(network, x, TrainingPass.SAMPLING)).isNotEqualTo(first);
    }
  }

  private static double sum(HourglassTransformer network, Tensor x, TrainingPass pass) {
    return network.forward(x, sigmas(1), classes(1), pass).sum().item_double();
  }

  @Test
  void checkpointingChangesNoGradientWithDropoutEither() {
    try (Parameters parameters = stirred(ScalarType.Double)) {
      Map<String, double[]> plain = gradients(parameters, new TrainingPass(1, 0, true, false));
      Map<String, double[]> checkpointed =
          gradients(parameters, new TrainingPass(1, 0, true, true));
      plain.forEach(
          (name, gradient) ->
              assertThat(checkpointed.get(name)).as(name).containsExactly(gradient, within(1e-12)));
    }
  }

  private static Map<String, double[]> gradients(Parameters parameters, TrainingPass pass) {
    Map<String, double[]> gradients = new TreeMap<>();
    try (PointerScope scope = new PointerScope();
        Tape tape = new Tape()) {
      network(parameters, Precision.FP32)
          .forward(
              images(2, 9).to(ScalarType.Double), sigmas(2).to(ScalarType.Double), classes(2), pass)
          .square()
          .mean()
          .backward();
      for (ParameterSpec spec : parameters.trained()) {
        gradients.put(spec.name(), Tensors.toDoubles(parameters.get(spec.name()).grad()));
        parameters.get(spec.name()).mutable_grad().reset();
      }
    }
    return gradients;
  }
}
