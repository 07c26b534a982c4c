package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.compute.Kernels;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.testing.Sensitivity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The whole model against the golden tensors of the authors' code, and of the variants: forward
 * pass, denoiser, losses, gradients and three optimiser steps; in float32 and float64, with and
 * without activation checkpointing; by the reference and by our own kernels.
 *
 * <p>Float64 shows that the mathematics is the same: it is held to the rounding of the files.
 * Float32 is held to what float32 can do on each tensor of each case ({@link Sensitivity}).
 */
class ModelConformanceTest {

  private static final double ROUNDING_OF_THE_FILES = 1e-7;

  /** Of a tensor's gradients, what is rounding of float64 alone. */
  private static final double VANISHING = 1e-10;

  @TestFactory
  Stream<DynamicNode> theModelAgreesWithTheAuthorsCode() {
    return testsOf(GoldenCase.folders());
  }

  @TestFactory
  Stream<DynamicNode> theVariantsAgreeWithTheirGoldens() {
    return testsOf(GoldenCase.variants());
  }

  private static Stream<DynamicNode> testsOf(List<Path> folders) {
    assertThat(folders).isNotEmpty();
    return folders.stream().map(ModelConformanceTest::testsOf);
  }

  private static DynamicNode testsOf(Path folder) {
    Map<GoldenRun, Sensitivity> sensitivities = new EnumMap<>(GoldenRun.class);
    List<DynamicTest> tests = new ArrayList<>();
    for (GoldenCase golden :
        List.of(
            new GoldenCase(folder, ScalarType.Float, Kernels.REFERENCE),
            new GoldenCase(folder, ScalarType.Float, Kernels.VECTOR),
            new GoldenCase(folder, ScalarType.Double, Kernels.REFERENCE))) {
      for (GoldenRun run : GoldenRun.values()) {
        String name =
            "%s %s %s"
                .formatted(
                    golden.name(),
                    golden.type(),
                    run.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        tests.add(DynamicTest.dynamicTest(name, () -> check(golden, run, sensitivities)));
      }
    }
    return DynamicContainer.dynamicContainer(folder.getFileName().toString(), tests);
  }

  private static void check(
      GoldenCase golden, GoldenRun run, Map<GoldenRun, Sensitivity> sensitivities) {
    Map<String, double[]> results = run.results(golden, values -> values);
    Report report = new Report(golden);
    try (SafetensorsFile goldens = run.goldens(golden)) {
      results.forEach(
          (name, actual) -> {
            double[] expected = goldens.doubles(name);
            double[] allowance =
                golden.type() == ScalarType.Double
                    ? roundingOfTheFiles(expected)
                    : withUncertainSteps(
                        golden,
                        name,
                        sensitivities
                            .computeIfAbsent(run.plain(), r -> r.sensitivity(golden.folder()))
                            .allowance(name));
            report.add(name, actual, expected, allowance);
          });
    }
    report.finish();
  }

  /**
   * Some gradients vanish, such as that of the keys' bias where nothing turns the keys: it moves
   * all logits of a query alike. What is left is rounding, which Adam divides by itself; so there
   * the three steps may end anywhere within their length.
   */
  private static double[] withUncertainSteps(GoldenCase golden, String name, double[] allowance) {
    if (!name.startsWith("after.") && !name.startsWith("ema.")) {
      return allowance;
    }
    double reach = 3 * golden.config().optimizer().lr();
    double[] wider = allowance.clone();
    try (SafetensorsFile file = golden.caseFile()) {
      double[] gradient = file.doubles("grad." + name.substring(name.indexOf('.') + 1));
      double vanishing = VANISHING * Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
      for (int i = 0; i < wider.length; i++) {
        if (gradient[i] != 0 && Math.abs(gradient[i]) < vanishing) {
          wider[i] = Math.max(wider[i], reach);
        }
      }
    }
    return wider;
  }

  private static double[] roundingOfTheFiles(double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double[] allowance = new double[expected.length];
    Arrays.fill(allowance, ROUNDING_OF_THE_FILES * largest);
    return allowance;
  }

  /** Worst errors by quantity, printed for the closing table, and what was wrong. */
  private static final class Report {

    /** The largest error over the largest magnitude, and over what is allowed. */
    private record Worst(double relative, double ofAllowed) {
      Worst max(Worst other) {
        return new Worst(Math.max(relative, other.relative), Math.max(ofAllowed, other.ofAllowed));
      }
    }

    private final GoldenCase golden;
    private final Map<String, Worst> worst = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    Report(GoldenCase golden) {
      this.golden = golden;
    }

    void add(String name, double[] actual, double[] expected, double[] allowance) {
      double relative = GoldenCase.relativeError(actual, expected);
      double ofAllowed = Sensitivity.ratio(actual, expected, allowance);
      worst.merge(quantity(name), new Worst(relative, ofAllowed), Worst::max);
      if (!(ofAllowed <= 1)) {
        failures.add(
            "%s is off by %.1e, %.2f of what is allowed".formatted(name, relative, ofAllowed));
      }
    }

    /** The gradients, weights and steps of a case are one quantity each. */
    private static String quantity(String name) {
      return name.replaceFirst("^grad\\..*", "grad parameters")
          .replaceFirst("^grad_in\\.", "grad ")
          .replaceFirst("^after\\..*", "weights after")
          .replaceFirst("^ema\\..*", "average after")
          .replaceFirst("^out\\.loss\\.\\d+", "train loss")
          .replaceFirst("^out\\.grad_norm\\.\\d+", "train gradient norm")
          .replaceFirst("^out\\.", "")
          .replace('.', ' ');
    }

    /** Prints the worst error of each quantity, and fails if any exceeded what is allowed. */
    void finish() {
      worst.forEach(
          (quantity, error) ->
              System.out.printf(
                  "conformance %s/%s %s %.1e, %.2f of what is allowed%n",
                  golden.name(), golden.type(), quantity, error.relative, error.ofAllowed));
      assertThat(failures).isEmpty();
    }
  }
}
