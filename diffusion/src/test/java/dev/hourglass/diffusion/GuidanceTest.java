package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.Guidance.Interval;
import dev.hourglass.diffusion.samplers.SamplerOptions;
import dev.hourglass.diffusion.samplers.Samplers;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GuidanceTest {

  private static final Tensor X = Tensors.ofDoubles(new double[] {0.3, -1.7, 1e-3, 12}, 2, 1, 1, 2);

  private static final Denoiser WEAK = (x, sigma) -> x.mul(new Scalar(0.5));
  private static final Denoiser MAIN = (x, sigma) -> x.mul(new Scalar(0.9)).add(new Scalar(sigma));

  @TestFactory
  List<DynamicTest> guidedSamplersAreTheGoldenOnes() {
    try (Golden golden = Golden.open("variants/guidance.safetensors")) {
      Denoiser a = toy(golden, "in.a.");
      Denoiser b = toy(golden, "in.b.");
      Tensor start = golden.tensor("in.x").mul(new Scalar(40.0));
      double[] sigmas = golden.doubles("in.sigmas");
      List<DynamicTest> tests = new ArrayList<>();
      for (String key : golden.keys("out.")) {
        double[] expected = golden.doubles("out." + key);
        Guidance guidance = guidance(key);
        String sampler = key.substring(0, key.indexOf(' '));
        tests.add(
            DynamicTest.dynamicTest(
                key,
                () -> {
                  Tensor images =
                      Samplers.byName(sampler, SamplerOptions.NONE)
                          .sample(
                              guidance.between(b, a),
                              start,
                              sigmas,
                              (from, to) -> {
                                throw new AssertionError("no noise");
                              },
                              SamplerListener.NONE);
                  assertThat(Golden.worst(key, Tensors.toDoubles(images), expected))
                      .isLessThan(1e-12);
                }));
      }
      assertThat(tests).hasSize(6);
      return tests;
    }
  }

  /** Parses {@code SAMPLER cfg|autoguidance w=W [interval=(LOW,HIGH]]}. */
  private static Guidance guidance(String key) {
    String[] words = key.split(" ", -1);
    double scale = Double.parseDouble(words[2].substring(2));
    if (words.length == 3) {
      return Guidance.constant(scale);
    }
    String[] ends = words[3].substring("interval=(".length(), words[3].length() - 1).split(",", -1);
    return new Guidance(
        scale, new Interval(Double.parseDouble(ends[0]), Double.parseDouble(ends[1])));
  }

  private static Denoiser toy(Golden golden, String prefix) {
    Tensor mean = golden.tensor(prefix + "mu");
    Tensor variance = golden.tensor(prefix + "var");
    return (x, sigma) ->
        Scope.of(
            () -> {
              Scalar square = new Scalar(sigma * sigma);
              Tensor linear = x.mul(variance).add(mean.mul(square)).div(variance.add(square));
              return torch.tanh(linear).mul(new Scalar(0.7)).add(linear.mul(new Scalar(0.3)));
            });
  }

  @Test
  void theScaleLeadsFromTheWeakerDenoiserThroughTheMainOne() {
    for (double scale : new double[] {0, 1, 2.5, -1}) {
      double[] guided = denoised(Guidance.constant(scale).between(WEAK, MAIN), 3);
      double[] weak = denoised(WEAK, 3);
      double[] main = denoised(MAIN, 3);
      for (int i = 0; i < guided.length; i++) {
        assertThat(guided[i]).isCloseTo(weak[i] + scale * (main[i] - weak[i]), within(1e-12));
      }
    }
  }

  @Test
  void oneBatchOfBothIsTheSameAsTwoBatches() {
    Denoiser both =
        (x, sigma) ->
            Tensors.concat(
                0, WEAK.denoise(x.narrow(0, 0, 2), sigma), MAIN.denoise(x.narrow(0, 2, 2), sigma));
    Guidance guidance = new Guidance(2.5, new Interval(0.3, 5));
    for (double sigma : new double[] {0.3, 0.31, 5, 5.1}) {
      assertThat(denoised(guidance.ofBoth(both, MAIN), sigma))
          .isEqualTo(denoised(guidance.between(WEAK, MAIN), sigma));
    }
  }

  @Test
  void outsideOfItsIntervalTheWeakerDenoiserIsNotAsked() {
    Denoiser forbidden =
        (x, sigma) -> {
          throw new AssertionError("asked at " + sigma);
        };
    Guidance guidance = new Guidance(2, new Interval(0.3, 5));
    for (double sigma : new double[] {0.1, 0.3, 5.0001, 80}) {
      assertThat(denoised(guidance.between(forbidden, MAIN), sigma))
          .isEqualTo(denoised(MAIN, sigma));
      assertThat(denoised(guidance.ofBoth(forbidden, MAIN), sigma))
          .isEqualTo(denoised(MAIN, sigma));
    }
    assertThat(guidance.at(0.3)).isEqualTo(1);
    assertThat(guidance.at(5)).isEqualTo(2);
  }

  @Test
  void anIntervalOfAllNoiseLevelsIsTheConstantScale() {
    Guidance all = new Guidance(2.5, new Interval(0, 1000));
    for (double sigma : new double[] {1e-3, 1, 80}) {
      assertThat(denoised(all.between(WEAK, MAIN), sigma))
          .isEqualTo(denoised(Guidance.constant(2.5).between(WEAK, MAIN), sigma));
    }
  }

  @Test
  void aGuideEqualToTheMainDenoiserChangesNothing() {
    assertThat(denoised(Guidance.constant(2.5).between(MAIN, MAIN), 3))
        .isEqualTo(denoised(MAIN, 3));
  }

  @Test
  void guidancesWrapEachOther() {
    Denoiser inner = Guidance.constant(2).between(WEAK, MAIN);
    Denoiser outer = Guidance.constant(3).between(WEAK, inner);
    // weak + 3 (weak + 2 (main - weak) - weak) = weak + 6 (main - weak)
    double[] expected = denoised(Guidance.constant(6).between(WEAK, MAIN), 3);
    assertThat(denoised(outer, 3)).containsExactly(expected, within(1e-12));
  }

  @Test
  void badScalesAndIntervalsAreRefused() {
    assertThatThrownBy(() -> Guidance.constant(Double.NaN)).isInstanceOf(InputException.class);
    for (double[] ends : new double[][] {{5, 0.3}, {1, 1}, {-1, 2}, {Double.NaN, 2}}) {
      assertThatThrownBy(() -> new Interval(ends[0], ends[1]))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("write for example 0.3,5");
    }
  }

  private static double[] denoised(Denoiser denoiser, double sigma) {
    return Tensors.toDoubles(denoiser.denoise(X, sigma));
  }
}
