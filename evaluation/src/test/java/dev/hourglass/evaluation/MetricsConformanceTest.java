package dev.hourglass.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class MetricsConformanceTest {

  private static final double TOLERANCE = 1e-10;

  @TestFactory
  List<DynamicTest> everyMetricOfTheFileHasItsValue() {
    String folder = System.getProperty("hourglass.conformance");
    assertThat(folder).as("the system property hourglass.conformance").isNotNull();
    try (SafetensorsFile file = SafetensorsFile.open(Path.of(folder, "metrics.safetensors"))) {
      double[][] a = rows(file, "in.a");
      double[][] b = rows(file, "in.b");
      List<String> outputs =
          file.tensors().keySet().stream().filter(key -> key.startsWith("out.")).sorted().toList();
      assertThat(outputs).hasSizeGreaterThanOrEqualTo(2);
      return outputs.stream()
          .map(key -> test(key.substring("out.".length()), a, b, file.doubles(key)[0]))
          .toList();
    }
  }

  private static DynamicTest test(String name, double[][] a, double[][] b, double expected) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          double error = Math.abs(metric(name).applyAsDouble(a, b) / expected - 1);
          System.out.printf("conformance metrics/%s %.1e%n", name, error);
          assertThat(error).isLessThan(TOLERANCE);
        });
  }

  /** {@code [images, features]}. */
  private static double[][] rows(SafetensorsFile file, String key) {
    double[] values = file.doubles(key);
    int features = Math.toIntExact(file.tensor(key).shape().getLast());
    double[][] rows = new double[values.length / features][features];
    for (int i = 0; i < values.length; i++) {
      rows[i / features][i % features] = values[i];
    }
    return rows;
  }

  private static ToDoubleBiFunction<double[][], double[][]> metric(String name) {
    return switch (name) {
      case "fid" -> FrechetDistance::between;
      case "kid" -> KernelDistance::between;
      default -> throw new AssertionError("unknown metric " + name);
    };
  }
}
