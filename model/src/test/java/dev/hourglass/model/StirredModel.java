package dev.hourglass.model;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.testing.Sensitivity;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Random weights of which none is zero, as a fresh model's are: those hide the layers before. */
final class StirredModel {

  private StirredModel() {}

  static ModelConfig config(String json) {
    return Config.parse(json, "test").model();
  }

  /** Weights of {@code type}, taken through {@code inputs}. */
  static Parameters parameters(ModelConfig model, ScalarType type, Sensitivity.Inputs inputs) {
    Parameters parameters = Parameters.initial(model, 1);
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (ParameterSpec spec : parameters.specs()) {
        Tensor weight = parameters.get(spec.name());
        double[] values = Tensors.toDoubles(weight);
        if (spec.trained()) {
          RandomStream random = RandomStream.of(2, spec.name().hashCode());
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] + 0.05 * random.nextGaussian());
          }
        }
        weight.set_data(Tensors.ofDoubles(inputs.of(values), spec.dimensions()).to(type));
      }
    }
    return parameters;
  }
}
