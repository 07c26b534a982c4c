package dev.hourglass.evaluation.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ScatteringConformanceTest {

  private static final double TOLERANCE = 1e-9;
  private static final Pattern CASE = Pattern.compile("in\\.(J=(\\d+) L=(\\d+) (\\d+)x(\\d+))");

  @TestFactory
  List<DynamicTest> everyTransformOfTheFileHasItsNumbers() {
    String folder = System.getProperty("hourglass.conformance");
    assertThat(folder).as("the system property hourglass.conformance").isNotNull();
    Path path = Path.of(folder, "variants", "scattering.safetensors");
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      List<DynamicTest> tests =
          file.tensors().keySet().stream()
              .map(CASE::matcher)
              .filter(Matcher::matches)
              .map(match -> test(match, file.doubles(match.group()), expected(file, match)))
              .toList();
      assertThat(tests).hasSizeGreaterThanOrEqualTo(4);
      return tests;
    }
  }

  private static double[] expected(SafetensorsFile file, Matcher match) {
    return file.doubles("out." + match.group(1));
  }

  private static DynamicTest test(Matcher match, double[] images, double[] expected) {
    return DynamicTest.dynamicTest(
        match.group(1),
        () -> {
          int height = Integer.parseInt(match.group(4));
          int width = Integer.parseInt(match.group(5));
          double[] actual =
              transformed(
                  Integer.parseInt(match.group(2)),
                  Integer.parseInt(match.group(3)),
                  images,
                  height,
                  width);
          assertThat(actual).hasSameSizeAs(expected);
          double largest = 0;
          double worst = 0;
          for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
          }
          System.out.printf("conformance scattering/%s %.1e%n", match.group(1), worst / largest);
          assertThat(worst / largest).isLessThan(TOLERANCE);
        });
  }

  private static double[] transformed(
      int scales, int angles, double[] images, int height, int width) {
    double[][] result = new double[1][];
    try (ScatteringTransform transform =
        new ScatteringTransform(scales, angles, 2, height, width)) {
      Scope.run(
          () -> {
            long count = images.length / ((long) height * width);
            Tensor input = Tensors.ofDoubles(images, count, height, width);
            result[0] = Tensors.toDoubles(transform.of(input));
          });
    }
    return result[0];
  }
}
