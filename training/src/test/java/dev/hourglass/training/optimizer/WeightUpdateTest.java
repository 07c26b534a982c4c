package dev.hourglass.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.compute.Kernels;
import dev.hourglass.config.OptimizerConfig;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.model.Parameters;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.training.GoldenCase;
import dev.hourglass.training.TinyModel;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightUpdateTest {

  private static final String WITHOUT_GRADIENT = "mapping.in_norm.scale";
  private static final int STEPS = 6;

  private static final int AVERAGES = 3;

  /** Largest difference over largest magnitude where each number is rounded a few times. */
  private static final double ROUNDED = 1e-6;

  /** After Muon's iteration, which multiplies the smallest singular values by 3.4445^5 = 485. */
  private static final double ITERATED = 485 * 0x1p-24;

  /** A model in training: weights, averages, optimiser, and one of the two updates. */
  private record Run(
      Parameters weights, List<Parameters> averages, Optimizer optimizer, WeightUpdate update)
      implements AutoCloseable {

    static Run of(OptimizerConfig config, boolean fused) {
      Parameters weights = Parameters.initial(TinyModel.CONFIG.model(), 3);
      List<Parameters> averages = Stream.generate(weights::frozenCopy).limit(AVERAGES).toList();
      Optimizer optimizer = Optimizer.of(config, weights);
      return new Run(
          weights, averages, optimizer, WeightUpdate.of(weights, averages, optimizer, fused));
    }

    /** Gives weights of these names the gradients of a step, about {@code size} each. */
    void setGradients(int step, double size, Predicate<String> names) {
      int place = 0;
      for (ParameterSpec spec : weights.trained()) {
        RandomStream random = RandomStream.of(step, place++);
        if (names.test(spec.name())) {
          float[] values = new float[Math.toIntExact(spec.elements())];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (size * random.nextGaussian());
          }
          try (PointerScope scope = new PointerScope()) {
            Tensor gradient = Tensors.ofFloats(values, spec.dimensions());
            weights.get(spec.name()).mul(gradient).sum().backward();
          }
        }
      }
    }

    @Override
    public void close() {
      optimizer.close();
      averages.forEach(Parameters::close);
      weights.close();
    }
  }

  private static OptimizerConfig.AdamW adamW(double decay) {
    return new OptimizerConfig.AdamW(1e-2, 0.9, 0.99, 1e-8, decay);
  }

  private static OptimizerConfig.Muon muon(double decay) {
    return new OptimizerConfig.Muon(1e-2, 0.95, decay, 5, adamW(decay));
  }

  private static void assertAgree(Run fused, Run reference) {
    for (ParameterSpec spec : fused.weights.trained()) {
      String name = spec.name();
      double tolerance =
          fused.optimizer instanceof Muon && MuonMatrices.include(spec) ? ITERATED : ROUNDED;
      assertAgree(
          "weight " + name, fused.weights.get(name), reference.weights.get(name), tolerance);
      for (int i = 0; i < AVERAGES; i++) {
        assertAgree(
            "average %d of %s".formatted(i, name),
            fused.averages.get(i).get(name),
            reference.averages.get(i).get(name),
            tolerance);
      }
    }
    var states = reference.optimizer.tensors();
    fused
        .optimizer
        .tensors()
        .forEach((name, tensor) -> assertAgree(name, tensor, states.get(name), ROUNDED));
  }

  private static void assertAgree(String name, Tensor actual, Tensor expected, double tolerance) {
    assertThat(GoldenCase.relativeError(Tensors.toDoubles(actual), Tensors.toDoubles(expected)))
        .as(name)
        .isLessThan(tolerance);
  }

  @ParameterizedTest
  @CsvSource({
    "0,    0.001,  0.9",
    "0.1,  0.001,  0.3",
    "0.1,  0.0001, 0",
    "0,    0.5,    0.999",
    "0.01, 1000,   0.5"
  })
  void theFusedUpdateAgreesWithTheReference(double decay, double gradients, double averageDecay) {
    for (OptimizerConfig config : List.of(adamW(decay), muon(decay))) {
      try (Run fused = Run.of(config, true);
          Run reference = Run.of(config, false)) {
        for (int step = 0; step < STEPS; step++) {
          advance(fused, reference, step, gradients, averageDecay);
          assertAgree(fused, reference);
        }
      }
    }
  }

  private static void advance(
      Run fused, Run reference, int step, double gradients, double averageDecay) {
    // Some weights get no gradient at some steps, and one never does.
    Predicate<String> names =
        name -> !name.equals(WITHOUT_GRADIENT) && Math.floorMod(name.hashCode(), 4) != step;
    for (Run run : new Run[] {fused, reference}) {
      run.setGradients(step, gradients, names);
    }
    double norm = reference.update.gradientNorm();
    assertThat(fused.update.gradientNorm()).isCloseTo(norm, withinPercentage(1e-3));
    assertThat(Gradients.clipFactor(norm) < 1).isEqualTo(gradients > 0.1);
    for (Run run : new Run[] {fused, reference}) {
      run.update.apply(
          step,
          1e-2 / (step + 1),
          Gradients.clipFactor(norm),
          averageDecay,
          averageDecay / 2,
          1 - averageDecay);
      Gradients.clear(run.weights);
    }
  }

  @Test
  void theAverageOfAWeightWithoutGradientMoves() {
    try (Run run = Run.of(adamW(0.1), true)) {
      try (PointerScope scope = new PointerScope()) {
        run.averages.forEach(average -> average.get(WITHOUT_GRADIENT).add_(new Scalar(1.0)));
      }
      double weight = Tensors.toDoubles(run.weights.get(WITHOUT_GRADIENT))[0];
      double[] decays = {0.75, 0.5, 0};
      run.update.apply(0, 1e-2, 1, decays);
      assertThat(Tensors.toDoubles(run.weights.get(WITHOUT_GRADIENT))).containsOnly(weight);
      for (int i = 0; i < AVERAGES; i++) {
        assertThat(Tensors.toDoubles(run.averages.get(i).get(WITHOUT_GRADIENT)))
            .containsOnly(weight + decays[i]);
      }
    }
  }

  @Test
  void aGradientThatIsNotDenseIsReadAsIfItWere() {
    try (Run fused = Run.of(adamW(0.1), true);
        Run reference = Run.of(adamW(0.1), false)) {
      for (Run run : new Run[] {fused, reference}) {
        for (ParameterSpec spec : run.weights.trained()) {
          try (PointerScope scope = new PointerScope()) {
            Tensor one = Tensors.ofFloats(new float[] {spec.elements() % 7}, 1);
            run.weights.get(spec.name()).mutable_grad().put(one.expand(spec.dimensions()));
          }
        }
        assertThat(run.weights.get("patch_in.proj.weight").grad().is_contiguous()).isFalse();
      }
      double norm = reference.update.gradientNorm();
      assertThat(fused.update.gradientNorm()).isCloseTo(norm, withinPercentage(1e-3));
      fused.update.apply(0, 1e-2, 0.5, 0.9, 0.8, 0.1);
      reference.update.apply(0, 1e-2, 0.5, 0.9, 0.8, 0.1);
      assertAgree(fused, reference);
    }
  }

  @Test
  void aChangedTensorHasANewVersionAndAnUnchangedOneKeepsItsOwn() {
    try (Run run = Run.of(muon(0), true)) {
      run.setGradients(0, 1, name -> !name.equals(WITHOUT_GRADIENT));
      Map<String, Long> weights = versions(run.weights);
      List<Map<String, Long>> averages =
          run.averages.stream().map(WeightUpdateTest::versions).toList();
      run.update.apply(0, 1e-2, 1, 0.5, 0.6, 0.7);
      for (int i = 0; i < AVERAGES; i++) {
        Map<String, Long> before = averages.get(i);
        versions(run.averages.get(i))
            .forEach((name, now) -> assertThat(now).as(name).isGreaterThan(before.get(name)));
      }
      versions(run.weights)
          .forEach(
              (name, now) ->
                  assertThat(now > weights.get(name))
                      .as(name)
                      .isEqualTo(!name.equals(WITHOUT_GRADIENT)));
    }
  }

  private static Map<String, Long> versions(Parameters parameters) {
    return parameters.trained().stream()
        .collect(
            Collectors.toMap(ParameterSpec::name, spec -> parameters.get(spec.name())._version()));
  }

  @Test
  void aGradientThatIsNotFiniteShowsInTheNorm() {
    try (Run run = Run.of(adamW(0), true)) {
      run.setGradients(0, Double.POSITIVE_INFINITY, name -> name.equals(WITHOUT_GRADIENT));
      assertThat(run.update.gradientNorm()).isInfinite();
      Gradients.clear(run.weights);
      run.setGradients(0, Double.NaN, name -> name.equals(WITHOUT_GRADIENT));
      assertThat(run.update.gradientNorm()).isNaN();
    }
  }

  @Test
  void adamWAndMuonInFloat32AreFusedWhereAskedFor() {
    try (Run asked = Run.of(adamW(0), true);
        Run muon = Run.of(muon(0), true);
        Run notAsked = Run.of(adamW(0), false);
        Run sgd = Run.of(new OptimizerConfig.Sgd(0.1, 0, false, 0), true)) {
      assertThat(asked.update).isInstanceOf(FusedUpdate.class);
      assertThat(muon.update).isInstanceOf(FusedMuonUpdate.class);
      assertThat(notAsked.update).isInstanceOf(ReferenceUpdate.class);
      assertThat(sgd.update).isInstanceOf(ReferenceUpdate.class);
    }
    GoldenCase golden =
        new GoldenCase(GoldenCase.folders().getFirst(), ScalarType.Double, Kernels.VECTOR);
    try (Parameters weights = golden.parameters();
        Parameters average = weights.frozenCopy();
        Optimizer optimizer = Optimizer.of(adamW(0), weights)) {
      assertThat(WeightUpdate.of(weights, List.of(average), optimizer, true))
          .isInstanceOf(ReferenceUpdate.class);
    }
  }
}
