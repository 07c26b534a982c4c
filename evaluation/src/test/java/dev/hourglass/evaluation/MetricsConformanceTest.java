package dev.hourglass.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class MetricsConformanceTest {

  private static final double TOLERANCE = 1e-10;
  private static final Resamples NO_RESAMPLES = new Resamples(0, 0);
  private static final Pattern INCEPTION_SCORE =
      Pattern.compile("inception_score\\.(mean|std) splits=(\\d+)");

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

  @TestFactory
  List<DynamicTest> everyMetricOfTheVariantsHasItsValue() {
    String folder = System.getProperty("hourglass.conformance");
    assertThat(folder).as("the system property hourglass.conformance").isNotNull();
    try (SafetensorsFile file =
        SafetensorsFile.open(Path.of(folder, "variants", "metrics.safetensors"))) {
      double[][] real = rows(file, "in.a");
      double[][] generated = rows(file, "in.b");
      double[][] logits = rows(file, "in.logits");
      List<String> outputs =
          file.tensors().keySet().stream().filter(key -> key.startsWith("out.")).sorted().toList();
      assertThat(outputs).hasSizeGreaterThanOrEqualTo(11);
      return outputs.stream()
          .map(
              key ->
                  variantTest(
                      key.substring("out.".length()),
                      real,
                      generated,
                      logits,
                      file.doubles(key)[0]))
          .toList();
    }
  }

  private static DynamicTest variantTest(
      String name, double[][] real, double[][] generated, double[][] logits, double expected) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          double[] value = new double[1];
          Scope.run(
              () ->
                  value[0] =
                      variantMetric(
                          name,
                          Features.ofRows(real),
                          Features.ofRows(generated),
                          Features.ofRows(logits)));
          double error = Math.abs(value[0] - expected) / Math.max(Math.abs(expected), 1e-3);
          System.out.printf("conformance variants/metrics/%s %.1e%n", name, error);
          assertThat(error).isLessThan(TOLERANCE);
        });
  }

  private static double variantMetric(String name, Tensor real, Tensor generated, Tensor logits) {
    return switch (name) {
      case "fid" -> FrechetDistance.estimate(real, generated, 0, NO_RESAMPLES).value();
      case "fid eps=1e-8" -> FrechetDistance.estimate(real, generated, 1e-8, NO_RESAMPLES).value();
      case "kid" -> KernelDistance.estimate(real, generated).value();
      case "precision" -> new Manifolds(real, generated).precision();
      case "recall" -> new Manifolds(real, generated).recall();
      case "density" -> new Manifolds(real, generated).density();
      case "coverage" -> new Manifolds(real, generated).coverage();
      default -> {
        Matcher score = INCEPTION_SCORE.matcher(name);
        assertThat(score.matches()).as("a known metric: %s", name).isTrue();
        InceptionScore all = InceptionScore.of(logits, Integer.parseInt(score.group(2)));
        yield score.group(1).equals("mean") ? all.mean() : all.deviation();
      }
    };
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
