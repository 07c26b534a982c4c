package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.autograd.Tape;
import dev.hourglass.compute.Kernels;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of the golden variants' {@code out.inner}, in float64, against differences. */
final class GoldenGradientsTest {

  private static final double STEP = 1e-6;

  static List<Path> variants() {
    return GoldenCase.variants();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void gradientsOfEveryTensorAreThoseOfDifferences(Path folder) {
    GoldenCase golden = new GoldenCase(folder, ScalarType.Double, Kernels.REFERENCE);
    try (Parameters weights = golden.parameters();
        PointerScope scope = new PointerScope();
        Tape tape = new Tape()) {
      loss(golden, weights).backward();
      for (ParameterSpec spec : weights.trained()) {
        Tensor weight = weights.get(spec.name());
        Tensor direction = noise(spec.name().hashCode(), spec.dimensions());
        double expected = weight.grad().mul(direction).sum().item_double();
        double slope =
            (lossAt(golden, weights, weight, direction, STEP)
                    - lossAt(golden, weights, weight, direction, -STEP))
                / (2 * STEP);
        assertThat(slope)
            .as(spec.name())
            .isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
      }
    }
  }

  private static double lossAt(
      GoldenCase golden, Parameters weights, Tensor weight, Tensor direction, double step) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor before = weight.clone();
      weight.add_(direction.mul(new Scalar(step)));
      double loss = loss(golden, weights).item_double();
      weight.copy_(before);
      return loss;
    }
  }

  /** Linear in the network's output. */
  private static Tensor loss(GoldenCase golden, Parameters weights) {
    try (SafetensorsFile file = golden.caseFile()) {
      Tensor x = golden.tensor(file, "in.x", values -> values);
      return new HourglassTransformer(golden.config().model(), weights, golden.ops())
          .forward(
              x,
              golden.tensor(file, "in.sigma", values -> values),
              golden.conditioning(file, values -> values),
              TrainingPass.SAMPLING)
          .mul(noise(1, Tensors.shape(x)))
          .sum();
    }
  }

  private static Tensor noise(long seed, long... shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    float[] values = new float[(int) count];
    RandomStream.of(3, seed).fillGaussian(values, 0, values.length);
    return Tensors.ofFloats(values, shape).to(ScalarType.Double);
  }
}
