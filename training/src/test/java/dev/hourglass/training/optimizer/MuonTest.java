package dev.hourglass.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.compute.Kernels;
import dev.hourglass.config.OptimizerConfig;
import dev.hourglass.kernels.optimizer.MuonKernel;
import dev.hourglass.model.Parameters;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import dev.hourglass.training.GoldenCase;
import dev.hourglass.training.TinyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MuonTest {

  private static final double RATE = 0.02;
  private static final double MOMENTUM = 0.95;
  private static final double DECAY = 0.01;
  private static final int STEPS = 5;

  private static SafetensorsFile goldens() {
    Path variants = GoldenCase.variants().getFirst().getParent();
    return SafetensorsFile.open(variants.resolve("muon.safetensors"));
  }

  /** The golden steps by the reference, in some precision. */
  private static double[] byReference(
      SafetensorsFile file, String shape, ScalarType type, Sensitivity.Inputs inputs) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor weight = tensor(file, "in.weight." + shape, type, inputs);
      Tensor momentum = weight.mul(Optimizer.scalar(0));
      for (int step = 0; step < STEPS; step++) {
        Tensor gradient = tensor(file, "in.grad.%d.%s".formatted(step, shape), type, inputs);
        Muon.step(
            new OptimizerConfig.Muon(
                RATE, MOMENTUM, DECAY, 5, (OptimizerConfig.AdamW) OptimizerConfig.defaults()),
            weight,
            gradient,
            momentum,
            RATE);
      }
      return Tensors.toDoubles(weight);
    }
  }

  private static double[] byKernel(SafetensorsFile file, String shape) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor weight = tensor(file, "in.weight." + shape, ScalarType.Float, values -> values);
      Tensor momentum = weight.mul(Optimizer.scalar(0));
      Tensor average = momentum.clone();
      for (int step = 0; step < STEPS; step++) {
        Tensor gradient =
            tensor(
                file, "in.grad.%d.%s".formatted(step, shape), ScalarType.Float, values -> values);
        MuonKernel.update(
            List.of(
                new MuonKernel.Matrix(
                    Math.toIntExact(weight.size(0)),
                    Math.toIntExact(weight.size(1)),
                    weight.data_ptr().address(),
                    gradient.data_ptr().address(),
                    momentum.data_ptr().address(),
                    List.of(average.data_ptr().address()))),
            new MuonKernel.Step(RATE, DECAY, 1, MOMENTUM, 5, List.of(0.0)));
      }
      assertThat(Tensors.toDoubles(average)).isEqualTo(Tensors.toDoubles(weight));
      return Tensors.toDoubles(weight);
    }
  }

  private static Tensor tensor(
      SafetensorsFile file, String name, ScalarType type, Sensitivity.Inputs inputs) {
    return Tensors.ofDoubles(inputs.of(file.doubles(name)), file.tensor(name).dimensions())
        .to(type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"16x24", "24x16", "32x32"})
  void fiveStepsAreThoseOfPyTorch(String shape) {
    try (SafetensorsFile file = goldens()) {
      double[] exact = byReference(file, shape, ScalarType.Double, values -> values);
      double error = GoldenCase.relativeError(exact, file.doubles("out.f64." + shape));
      System.out.printf("conformance muon %s float64 %.1e%n", shape, error);
      assertThat(error).isLessThan(1e-13);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"16x24", "24x16", "32x32"})
  void inFloat32ReferenceAndKernelAreAsExactAsPyTorch(String shape) {
    try (SafetensorsFile file = goldens()) {
      Sensitivity sensitivity =
          Sensitivity.of(
              Rounding.FLOAT32,
              inputs -> Map.of(shape, byReference(file, shape, ScalarType.Double, inputs)));
      double[] golden = file.doubles("out.f32." + shape);
      sensitivity.require(shape, golden);
      Map<String, double[]> results =
          Map.of(
              "reference", byReference(file, shape, ScalarType.Float, values -> values),
              "kernel", byKernel(file, shape));
      results.forEach(
          (by, actual) -> {
            System.out.printf(
                "conformance muon %s float32 %s %.1e, %.2f of what is allowed%n",
                shape,
                by,
                GoldenCase.relativeError(actual, golden),
                sensitivity.ratio(shape, actual));
            sensitivity.require(shape, actual);
          });
    }
  }

  /** Of all variants: names of trained weights that Muon takes, or leaves, without numbers. */
  private static Set<String> weights(boolean muon) {
    Set<String> names = new TreeSet<>();
    for (Path folder : GoldenCase.variants()) {
      GoldenCase golden = new GoldenCase(folder, ScalarType.Float, Kernels.REFERENCE);
      try (Parameters weights = golden.parameters()) {
        for (ParameterSpec spec : weights.trained()) {
          if (MuonMatrices.include(spec) == muon) {
            names.add(spec.name().replaceAll("\\d+\\.", ""));
          }
        }
      }
    }
    return names;
  }

  @Test
  void muonTrainsTheProductsOfLayersAndTheMatricesOfMergesAndSplits() {
    Set<String> expected = new TreeSet<>();
    for (String level : List.of("down_levels.", "mid_level.", "up_levels.")) {
      for (String product :
          List.of("self_attn.qkv_proj", "self_attn.out_proj", "ff.up_proj", "ff.down_proj")) {
        expected.add(level + product + ".weight");
      }
    }
    for (String matrix : List.of("merges.proj", "splits.proj", "splits.skip_proj", "splits.gate")) {
      expected.add(matrix + ".weight");
    }
    expected.addAll(List.of("splits.up.weight", "splits.down.weight"));
    assertThat(weights(true)).isEqualTo(expected);
  }

  @Test
  void adamWTrainsAllElse() {
    assertThat(weights(false))
        .contains(
            "patch_in.proj.weight",
            "patch_out.proj.weight",
            "out_norm.scale",
            "class_emb.weight",
            "mapping.blocks.up_proj.weight",
            "mapping.blocks.down_proj.weight",
            "time_in_proj.weight",
            "mid_level.ff.norm.linear.weight",
            "mid_level.ff.up_proj.bias",
            "mid_level.self_attn.scale",
            "splits.fac")
        .allMatch(name -> !name.matches("(merges|splits).*weight|.*level.*(_proj)\\.weight"));
  }

  @Test
  void theScheduleAndALearningRateOfTheCommandLineCountForAdamWToo() {
    OptimizerConfig.AdamW adamW = new OptimizerConfig.AdamW(1e-3, 0.9, 0.99, 1e-8, 0);
    try (Parameters weights = Parameters.initial(TinyModel.CONFIG.model(), 0);
        Muon muon = new Muon(new OptimizerConfig.Muon(0.02, 0.95, 0, 5, adamW), weights)) {
      assertThat(muon.restRate(0.02)).isEqualTo(1e-3);
      assertThat(muon.restRate(0.01)).isEqualTo(0.5e-3);
    }
  }
}
