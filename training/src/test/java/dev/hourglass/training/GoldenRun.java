package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.autograd.Tape;
import dev.hourglass.compute.Kernels;
import dev.hourglass.config.Config;
import dev.hourglass.config.DiffusionConfig;
import dev.hourglass.diffusion.Losses;
import dev.hourglass.diffusion.NoisyImages;
import dev.hourglass.diffusion.Preconditioning;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import dev.hourglass.testing.Sensitivity.Inputs;
import dev.hourglass.training.optimizer.Optimizer;
import dev.hourglass.training.optimizer.ReferenceUpdate;
import dev.hourglass.training.optimizer.WeightUpdate;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What a golden case holds, computed by our code: results by their names in the golden files.
 * Weights and inputs are taken through {@code inputs}.
 */
enum GoldenRun {
  FORWARD_AND_LOSSES("case.safetensors") {
    @Override
    Map<String, double[]> results(GoldenCase golden, Inputs inputs) {
      return forwardAndLosses(golden, inputs);
    }
  },
  GRADIENTS("case.safetensors") {
    @Override
    Map<String, double[]> results(GoldenCase golden, Inputs inputs) {
      return gradients(golden, inputs, new TrainingPass(0, 0, true, false));
    }
  },
  GRADIENTS_CHECKPOINTED("case.safetensors") {
    @Override
    Map<String, double[]> results(GoldenCase golden, Inputs inputs) {
      return gradients(golden, inputs, new TrainingPass(0, 0, true, true));
    }

    @Override
    GoldenRun plain() {
      return GRADIENTS;
    }
  },
  THREE_STEPS("train.safetensors") {
    @Override
    Map<String, double[]> results(GoldenCase golden, Inputs inputs) {
      return threeSteps(golden, inputs);
    }

    // Adam's first steps divide gradients by themselves, the small and uncertain ones too.
    @Override
    Rounding rounding() {
      return Rounding.FLOAT32;
    }
  };

  private final String file;

  GoldenRun(String file) {
    this.file = file;
  }

  abstract Map<String, double[]> results(GoldenCase golden, Inputs inputs);

  /** The run with the same results that computes nothing twice. */
  GoldenRun plain() {
    return this;
  }

  /** How far the results move in float32. */
  Sensitivity sensitivity(Path folder) {
    GoldenCase exact = new GoldenCase(folder, ScalarType.Double, Kernels.REFERENCE);
    return Sensitivity.of(rounding(), inputs -> results(exact, inputs));
  }

  Rounding rounding() {
    return Rounding.FLOAT32_MODEL;
  }

  /** The file with the golden results. */
  SafetensorsFile goldens(GoldenCase golden) {
    return SafetensorsFile.open(golden.folder().resolve(file));
  }

  private static HourglassTransformer network(GoldenCase golden, Parameters parameters) {
    return new HourglassTransformer(golden.config().model(), parameters, golden.ops());
  }

  private static Map<String, double[]> forwardAndLosses(GoldenCase golden, Inputs inputs) {
    Map<String, double[]> results = new LinkedHashMap<>();
    try (SafetensorsFile file = golden.caseFile();
        Parameters parameters = golden.parameters(inputs);
        PointerScope scope = new PointerScope()) {
      parameters.freeze();
      HourglassTransformer network = network(golden, parameters);
      var conditioning = golden.conditioning(file, inputs);
      Tensor x = golden.tensor(file, "in.x", inputs);
      Tensor sigma = golden.tensor(file, "in.sigma", inputs);
      Tensor noise = golden.tensor(file, "in.noise", inputs);
      Preconditioning preconditioning = Preconditioning.of(golden.config().model().diffusion());
      Tensor inner = network.forward(x, sigma, conditioning, TrainingPass.SAMPLING);
      results.put("out.inner", Tensors.toDoubles(inner));
      Tensor denoised =
          preconditioning.denoise(
              (input, levels) ->
                  network.forward(input, levels, conditioning, TrainingPass.SAMPLING),
              x,
              sigma);
      results.put("out.denoised", Tensors.toDoubles(denoised));
      golden
          .losses()
          .forEach(
              (name, loss) -> {
                Tensor losses =
                    new Losses(loss, preconditioning, golden.config().model().diffusion().scales())
                        .perImage(
                            (input, levels) ->
                                network.forward(input, levels, conditioning, TrainingPass.SAMPLING),
                            NoisyImages.of(x, noise, sigma));
                results.put("out.loss." + name, Tensors.toDoubles(losses));
              });
    }
    return results;
  }

  private static Map<String, double[]> gradients(
      GoldenCase golden, Inputs inputs, TrainingPass pass) {
    Map<String, double[]> results = new LinkedHashMap<>();
    try (SafetensorsFile file = golden.caseFile();
        Parameters parameters = golden.parameters(inputs);
        PointerScope scope = new PointerScope();
        Tape tape = new Tape()) {
      HourglassTransformer network = network(golden, parameters);
      var conditioning = golden.conditioning(file, inputs);
      Tensor x = new Tensor(golden.tensor(file, "in.x", inputs).set_requires_grad(true));
      DiffusionConfig diffusion = golden.config().model().diffusion();
      new Losses(golden.differentiated(), Preconditioning.of(diffusion), diffusion.scales())
          .perImage(
              (input, sigma) -> network.forward(input, sigma, conditioning, pass),
              NoisyImages.of(
                  x,
                  golden.tensor(file, "in.noise", inputs),
                  golden.tensor(file, "in.sigma", inputs)))
          .mean()
          .backward();
      results.put("grad_in.x", Tensors.toDoubles(x.grad()));
      for (ParameterSpec spec : parameters.trained()) {
        results.put("grad." + spec.name(), Tensors.toDoubles(parameters.get(spec.name()).grad()));
      }
      assertThat(results.keySet())
          .containsAll(file.tensors().keySet().stream().filter(n -> n.startsWith("grad")).toList());
    }
    return results;
  }

  private static Map<String, double[]> threeSteps(GoldenCase golden, Inputs inputs) {
    Map<String, double[]> results = new LinkedHashMap<>();
    Config config = golden.config();
    try (SafetensorsFile given = golden.caseFile();
        SafetensorsFile file = golden.trainFile();
        Parameters weights = golden.parameters(inputs);
        Parameters average = weights.frozenCopy();
        Optimizer optimizer = Optimizer.of(config.optimizer(), weights)) {
      boolean fused = golden.kernels() == Kernels.VECTOR;
      WeightUpdate update = WeightUpdate.of(weights, List.of(average), optimizer, fused);
      assertThat(update instanceof ReferenceUpdate).isEqualTo(!fused);
      TrainingStep step = new TrainingStep(config, network(golden, weights), weights, update);
      for (int k = 0; k < 3; k++) {
        try (PointerScope scope = new PointerScope()) {
          MicroBatch batch =
              new MicroBatch(
                  golden.tensor(given, "in.x", inputs),
                  golden.tensor(file, "in.noise." + k, inputs),
                  golden.tensor(file, "in.sigma." + k, inputs),
                  golden.conditioning(given, inputs));
          double loss = step.accumulate(batch, 1, new TrainingPass(0, 0, true, false));
          double norm = step.gradientNorm();
          results.put("out.loss." + k, new double[] {loss});
          results.put("out.grad_norm." + k, new double[] {norm});
          double rate = config.optimizer().lr() * config.lrSchedule().factor(k);
          step.apply(k, rate, norm, config.emaSchedule().decays(k));
        }
      }
      for (ParameterSpec spec : weights.trained()) {
        results.put("after." + spec.name(), Tensors.toDoubles(weights.get(spec.name())));
        results.put("ema." + spec.name(), Tensors.toDoubles(average.get(spec.name())));
      }
    }
    return results;
  }
}
