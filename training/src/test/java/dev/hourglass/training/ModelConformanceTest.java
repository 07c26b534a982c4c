package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.autograd.Tape;
import dev.hourglass.config.Config;
import dev.hourglass.config.LossConfig;
import dev.hourglass.diffusion.Losses;
import dev.hourglass.diffusion.Preconditioning;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.ParameterSpec;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.ops.Kernels;
import dev.hourglass.ops.Precision;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The whole model against the golden tensors of the authors' code: forward pass, denoiser, losses,
 * gradients and three optimiser steps; in float32 and float64, with and without activation
 * checkpointing; by the reference and by our own kernels.
 */
class ModelConformanceTest {

  private static final Map<String, LossConfig> LOSSES =
      Map.of(
          "karras", LossConfig.KARRAS,
          "soft-min-snr", LossConfig.SOFT_MIN_SNR,
          "snr", LossConfig.SNR,
          "simple", LossConfig.SIMPLE);

  /**
   * Float64 shows that the mathematics is the same: it is held to the rounding of the files.
   * Float32 is held to what its own rounding leaves: temperatures have gradients that are sums over
   * all tokens with a thousandfold cancellation, and Adam's first steps divide small gradients by
   * themselves.
   */
  private record Tolerance(double values, double gradients, double temperatures, double training) {
    static Tolerance of(ScalarType type) {
      return type == ScalarType.Double
          ? new Tolerance(5e-7, 5e-7, 5e-7, 5e-7)
          : new Tolerance(2e-5, 1e-4, 1e-3, 1e-4);
    }

    double ofGradient(ParameterSpec spec) {
      return spec.start() == ParameterSpec.Start.TEN ? temperatures : gradients;
    }
  }

  @TestFactory
  Stream<DynamicTest> theModelAgreesWithTheAuthorsCode() {
    List<DynamicTest> tests = new ArrayList<>();
    for (var folder : GoldenCase.folders()) {
      for (GoldenCase golden :
          List.of(
              new GoldenCase(folder, ScalarType.Float, Kernels.REFERENCE),
              new GoldenCase(folder, ScalarType.Float, Kernels.VECTOR),
              new GoldenCase(folder, ScalarType.Double, Kernels.REFERENCE))) {
        String name = golden.name() + " " + golden.type();
        TrainingPass plain = new TrainingPass(0, 0, true, false);
        TrainingPass checkpointed = new TrainingPass(0, 0, true, true);
        tests.add(
            DynamicTest.dynamicTest(name + " forward and losses", () -> forwardAndLosses(golden)));
        tests.add(DynamicTest.dynamicTest(name + " gradients", () -> gradients(golden, plain)));
        tests.add(
            DynamicTest.dynamicTest(
                name + " gradients, checkpointed", () -> gradients(golden, checkpointed)));
        tests.add(DynamicTest.dynamicTest(name + " three steps", () -> threeSteps(golden)));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static HourglassTransformer network(GoldenCase golden, Parameters parameters) {
    return new HourglassTransformer(
        golden.config().model(), parameters, golden.kernels().ops(Precision.FP32));
  }

  private static void forwardAndLosses(GoldenCase golden) {
    Tolerance tolerance = Tolerance.of(golden.type());
    Report report = new Report(golden);
    Config config = golden.config();
    try (SafetensorsFile file = golden.caseFile();
        Parameters parameters = golden.parameters();
        PointerScope scope = new PointerScope()) {
      parameters.freeze();
      HourglassTransformer network = network(golden, parameters);
      var conditioning = golden.conditioning(file);
      Tensor x = golden.tensor(file, "in.x");
      Tensor sigma = golden.tensor(file, "in.sigma");
      Tensor noise = golden.tensor(file, "in.noise");
      Preconditioning preconditioning = new Preconditioning(config.model().sigmaData());
      Tensor inner = network.forward(x, sigma, conditioning, TrainingPass.SAMPLING);
      report.check("inner", inner, file, "out.inner", tolerance.values);
      Tensor denoised =
          preconditioning.denoise(
              (input, levels) ->
                  network.forward(input, levels, conditioning, TrainingPass.SAMPLING),
              x,
              sigma);
      report.check("denoised", denoised, file, "out.denoised", tolerance.values);
      LOSSES.forEach(
          (name, loss) -> {
            Tensor losses =
                Losses.perImage(
                    loss,
                    preconditioning,
                    (input, levels) ->
                        network.forward(input, levels, conditioning, TrainingPass.SAMPLING),
                    x,
                    noise,
                    sigma);
            report.check("loss " + name, losses, file, "out.loss." + name, tolerance.values);
          });
    }
    report.finish();
  }

  private static void gradients(GoldenCase golden, TrainingPass pass) {
    Tolerance tolerance = Tolerance.of(golden.type());
    Report report = new Report(golden);
    try (SafetensorsFile file = golden.caseFile();
        Parameters parameters = golden.parameters();
        PointerScope scope = new PointerScope();
        Tape tape = new Tape()) {
      HourglassTransformer network = network(golden, parameters);
      var conditioning = golden.conditioning(file);
      Tensor x = new Tensor(golden.tensor(file, "in.x").set_requires_grad(true));
      Losses.perImage(
              LossConfig.SOFT_MIN_SNR,
              new Preconditioning(golden.config().model().sigmaData()),
              (input, sigma) -> network.forward(input, sigma, conditioning, pass),
              x,
              golden.tensor(file, "in.noise"),
              golden.tensor(file, "in.sigma"))
          .mean()
          .backward();
      report.check("grad x", x.grad(), file, "grad_in.x", tolerance.gradients);
      for (ParameterSpec spec : parameters.trained()) {
        report.check(
            "grad parameters",
            parameters.get(spec.name()).grad(),
            file,
            "grad." + spec.name(),
            tolerance.ofGradient(spec));
      }
      long golds = file.tensors().keySet().stream().filter(n -> n.startsWith("grad.")).count();
      assertThat(parameters.trained()).hasSize(Math.toIntExact(golds));
    }
    report.finish();
  }

  private static void threeSteps(GoldenCase golden) {
    Tolerance tolerance = Tolerance.of(golden.type());
    Report report = new Report(golden);
    Config config = golden.config();
    try (SafetensorsFile given = golden.caseFile();
        SafetensorsFile file = golden.trainFile();
        Parameters weights = golden.parameters();
        Parameters average = weights.frozenCopy();
        Optimizer optimizer = Optimizer.of(config.optimizer(), weights)) {
      boolean fused = golden.kernels() == Kernels.VECTOR;
      WeightUpdate update = WeightUpdate.of(weights, average, optimizer, fused);
      assertThat(update).isInstanceOf(fused ? FusedUpdate.class : ReferenceUpdate.class);
      TrainingStep step = new TrainingStep(config, network(golden, weights), weights, update);
      for (int k = 0; k < 3; k++) {
        try (PointerScope scope = new PointerScope()) {
          MicroBatch batch =
              new MicroBatch(
                  golden.tensor(given, "in.x"),
                  golden.tensor(file, "in.noise." + k),
                  golden.tensor(file, "in.sigma." + k),
                  golden.conditioning(given));
          double loss = step.accumulate(batch, 1, new TrainingPass(0, 0, true, false));
          double norm = step.gradientNorm();
          report.check(
              "train loss", new double[] {loss}, file, "out.loss." + k, tolerance.training);
          report.check(
              "train gradient norm",
              new double[] {norm},
              file,
              "out.grad_norm." + k,
              tolerance.gradients);
          double rate = config.optimizer().lr() * config.lrSchedule().factor(k);
          step.apply(k, rate, norm, config.emaSchedule().decay(k));
        }
      }
      for (ParameterSpec spec : weights.trained()) {
        report.check(
            "weights after",
            weights.get(spec.name()),
            file,
            "after." + spec.name(),
            tolerance.training);
        report.check(
            "average after",
            average.get(spec.name()),
            file,
            "ema." + spec.name(),
            tolerance.training);
      }
    }
    report.finish();
  }

  /** Worst errors by quantity, checked as they come and printed for the closing table. */
  private static final class Report {
    private final GoldenCase golden;
    private final Map<String, Double> worst = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    Report(GoldenCase golden) {
      this.golden = golden;
    }

    void check(
        String quantity, Tensor actual, SafetensorsFile file, String name, double tolerance) {
      check(quantity, Tensors.toDoubles(actual), file, name, tolerance);
    }

    void check(
        String quantity, double[] actual, SafetensorsFile file, String name, double tolerance) {
      double error = GoldenCase.relativeError(actual, file.doubles(name));
      worst.merge(quantity, error, Math::max);
      if (!(error < tolerance)) {
        failures.add("%s is off by %.1e, more than %.1e".formatted(name, error, tolerance));
      }
    }

    /** Prints the worst error of each quantity, and fails if any exceeded its tolerance. */
    void finish() {
      worst.forEach(
          (quantity, error) ->
              System.out.printf(
                  "conformance %s/%s %s %.1e%n", golden.name(), golden.type(), quantity, error));
      assertThat(failures).isEmpty();
    }
  }
}
