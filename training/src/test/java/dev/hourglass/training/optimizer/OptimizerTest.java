package dev.hourglass.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.config.OptimizerConfig;
import dev.hourglass.model.Parameters;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.training.TinyModel;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimizerTest {

  private static final String DECAYED = "patch_in.proj.weight";
  private static final String PLAIN = "out_norm.scale";
  private static final String SLOW = "mapping.in_norm.scale";

  @ParameterizedTest
  @CsvSource({"0, false, 0", "0.9, false, 0", "0.9, true, 0.01", "0, false, 0.1"})
  void sgdFollowsPyTorchsRecurrence(double momentum, boolean nesterov, double decay) {
    try (Parameters weights = Parameters.initial(TinyModel.CONFIG.model(), 0);
        Optimizer sgd =
            Optimizer.of(new OptimizerConfig.Sgd(0.1, momentum, nesterov, decay), weights)) {
      for (String name : new String[] {DECAYED, PLAIN, SLOW}) {
        double rate = name.equals(SLOW) ? 0.1 / 3 : 0.1;
        double decayHere = name.equals(DECAYED) ? decay : 0;
        double w = first(weights, name);
        double buffer = 0;
        for (int step = 0; step < 4; step++) {
          double g = 0.5 + step + decayHere * w;
          buffer = momentum * buffer + g;
          w -= rate * (nesterov ? g + momentum * buffer : momentum == 0 ? g : buffer);
        }
        expected.put(name, w);
      }
      for (int step = 0; step < 4; step++) {
        setGradients(weights, 0.5 + step);
        sgd.update(step, 0.1, 1);
        Gradients.clear(weights);
      }
      expected.forEach(
          (name, w) -> assertThat(first(weights, name)).as(name).isCloseTo(w, within(1e-5)));
    }
  }

  private final java.util.Map<String, Double> expected = new java.util.HashMap<>();

  @Test
  void largeGradientsAreScaledToNormOneAndSmallOnesLeftAlone() {
    assertThat(Gradients.clipFactor(4)).isCloseTo(0.25, within(1e-6));
    assertThat(Gradients.clipFactor(0.5)).isEqualTo(1, within(0.0));
    assertThat(Gradients.clipFactor(Double.POSITIVE_INFINITY)).isZero();
  }

  @Test
  void theNormIsOverAllWeights() {
    try (Parameters weights = Parameters.initial(TinyModel.CONFIG.model(), 0)) {
      setGradients(weights, 0.5);
      assertThat(Gradients.norm(weights))
          .isCloseTo(0.5 * Math.sqrt((double) weights.count()), within(1e-3));
    }
  }

  private static double first(Parameters weights, String name) {
    return Tensors.toDoubles(weights.get(name))[0];
  }

  /** Gives every weight the gradient {@code value}. */
  private static void setGradients(Parameters weights, double value) {
    for (var spec : weights.trained()) {
      try (PointerScope scope = new PointerScope()) {
        float[] ones = new float[Math.toIntExact(spec.elements())];
        Arrays.fill(ones, 1);
        weights
            .get(spec.name())
            .mul(Tensors.ofFloats(ones, spec.dimensions()))
            .sum()
            .mul(new Scalar(value))
            .backward();
      }
    }
  }
}
