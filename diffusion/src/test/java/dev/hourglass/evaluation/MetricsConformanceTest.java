package dev.hourglass.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.diffusion.Golden;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class MetricsConformanceTest {

  private static final double TOLERANCE = 1e-10;

  @TestFactory
  List<DynamicTest> everyMetricOfTheFileHasItsValue() {
    try (Golden golden = Golden.open("metrics.safetensors")) {
      Tensor a = golden.tensor("in.a");
      Tensor b = golden.tensor("in.b");
      List<String> names = golden.keys("out.");
      assertThat(names).hasSizeGreaterThanOrEqualTo(2);
      return names.stream()
          .map(
              name -> {
                double[] expected = golden.doubles("out." + name);
                return DynamicTest.dynamicTest(
                    name,
                    () -> {
                      double[] actual = {metric(name).applyAsDouble(a, b)};
                      assertThat(Golden.worst("metrics/" + name, actual, expected))
                          .isLessThan(TOLERANCE);
                    });
              })
          .toList();
    }
  }

  private static ToDoubleBiFunction<Tensor, Tensor> metric(String name) {
    return switch (name) {
      case "fid" -> FrechetDistance::between;
      case "kid" -> KernelDistance::between;
      default -> throw new AssertionError("unknown metric " + name);
    };
  }
}
