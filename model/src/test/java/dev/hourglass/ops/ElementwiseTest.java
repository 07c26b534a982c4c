package dev.hourglass.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions of single numbers, and their slopes. */
final class ElementwiseTest {

  /** Values and slopes were computed from the formulas with Python's {@code math}. */
  @ParameterizedTest
  @CsvSource({
    "GELU, 0.5, 0.345731230637007, 0.867495124656",
    "GELU, -2, -0.0455002638963584, -0.085231801078",
    "SILU, 0.5, 0.311229665600927, 0.739961187303",
    "SILU, -2, -0.238405844044235, -0.090784248785",
    "RELU, 0.5, 0.5, 1",
    "RELU, -2, 0, 0",
    "ELU, 0.5, 0.5, 1",
    "ELU, -2, -0.864664716763387, 0.135335283237",
    "SIGMOID, 0.5, 0.622459331201855, 0.235003712202",
    "SIGMOID, -2, 0.119202922022118, 0.104993585404"
  })
  void areWhatTheirNamesSay(Elementwise function, double x, double value, double slope) {
    try (PointerScope scope = new PointerScope()) {
      Tensor input = Tensors.ofDoubles(new double[] {x}, 1).set_requires_grad(true);
      Tensor output = new ReferenceOps(Precision.FP32).map(function, input);
      output.sum().backward();
      assertThat(output.item_double()).isCloseTo(value, within(1e-12));
      assertThat(input.grad().item_double()).isCloseTo(slope, within(1e-11));
    }
  }
}
