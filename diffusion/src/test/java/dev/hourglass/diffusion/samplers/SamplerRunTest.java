package dev.hourglass.diffusion.samplers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.NoiseRange;
import dev.hourglass.diffusion.SigmaSchedule;
import dev.hourglass.diffusion.noise.ImageNoise;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all samplers have in common, whatever they compute. */
class SamplerRunTest {

  private static final double SIGMA_MIN = 5e-3;
  private static final double SIGMA_MAX = 20;
  private static final Denoiser DENOISER = new Gaussians(0.2, 0.4).denoiser();
  private static final long[] SHAPE = {3, 8, 8};

  static List<String> names() {
    return Samplers.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void anImageDoesNotDependOnItsBatchUnlessTheSamplerSaysSo(String name) {
    Sampler sampler = Samplers.byName(name, SamplerOptions.NONE);
    double[] batch = sample(sampler, 12, 3, 8, 5);
    double[] alone = sample(sampler, 12, 8);
    double difference = 0;
    for (int i = 0; i < alone.length; i++) {
      difference = Math.max(difference, Math.abs(alone[i] - batch[alone.length + i]));
    }
    if (sampler.couplesImages()) {
      assertThat(difference).isGreaterThan(0);
    } else {
      assertThat(difference).isLessThan(1e-6);
    }
    assertThat(sample(sampler, 12, 9)).isNotEqualTo(alone);
  }

  @ParameterizedTest
  @MethodSource("names")
  void evaluationsAreCountedInAdvanceAndTheListenerHearsEveryStep(String name) {
    Sampler sampler = Samplers.byName(name, SamplerOptions.NONE);
    int[] calls = {0};
    List<Integer> steps = new ArrayList<>();
    List<Double> heard = new ArrayList<>();
    Denoiser counting =
        (x, sigma) -> {
          calls[0]++;
          return DENOISER.denoise(x, sigma);
        };
    double[] sigmas = sigmas(14);
    Tensor start = ImageNoise.initial(1, new long[1], SHAPE).mul(new Scalar(SIGMA_MAX));
    sampler.sample(
        counting,
        start,
        sigmas,
        SamplerAccuracyTest.noise(sampler, new long[1], SHAPE),
        (step, count, sigma, denoised) -> {
          assertThat(step).isEqualTo(steps.size());
          steps.add(count);
          heard.add(sigma);
          assertThat(Tensors.shape(denoised)).containsExactly(1, 3, 8, 8);
        });
    if (sampler.evaluations(14).isPresent()) {
      assertThat(calls[0]).isEqualTo(sampler.evaluations(14).getAsInt());
      assertThat(steps).containsOnly(steps.size());
    } else {
      assertThat(steps).containsOnly(0);
    }
    // DPM-Solver has float32 time.
    assertThat(heard.getFirst()).isCloseTo(SIGMA_MAX, withinPercentage(1e-5));
    assertThat(heard).isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @ParameterizedTest
  @MethodSource("names")
  void aLongRunHoldsNoMoreNativeObjectsThanAShortOne(String name) {
    Sampler sampler = Samplers.byName(name, SamplerOptions.NONE);
    List<Long> alive = new ArrayList<>();
    Scope.run(
        () -> {
          Tensor start = ImageNoise.initial(1, new long[1], SHAPE).mul(new Scalar(SIGMA_MAX));
          long before = Pointer.totalCount();
          sampler.sample(
              DENOISER,
              start,
              sigmas(200),
              SamplerAccuracyTest.noise(sampler, new long[1], SHAPE),
              (step, count, sigma, denoised) -> alive.add(Pointer.totalCount() - before));
          assertThat(Pointer.totalCount() - before).isLessThanOrEqualTo(1);
        });
    int settled = Math.min(5, alive.size() - 1);
    assertThat(alive.getLast()).isLessThanOrEqualTo(alive.get(settled));
    assertThat(alive).allMatch(count -> count < 40);
  }

  @Test
  void gradientsAreOffDuringARunAndOnAfterIt() {
    Tensor weight = Tensors.ofFloats(new float[] {1}, 1).requires_grad_(true);
    Sampler sampler = Samplers.byName("heun", SamplerOptions.NONE);
    Denoiser learned = (x, sigma) -> DENOISER.denoise(x, sigma).mul(weight);
    Tensor start = ImageNoise.initial(1, new long[1], SHAPE);
    Tensor images =
        sampler.sample(
            learned, start, sigmas(3), new ImageNoise(1, new long[1], SHAPE), SamplerListener.NONE);
    assertThat(images.requires_grad()).isFalse();
    assertThat(start.mul(weight).requires_grad()).isTrue();
  }

  @Test
  void theStartIsLeftAsItWas() {
    Tensor start = ImageNoise.initial(1, new long[1], SHAPE);
    double[] before = Tensors.toDoubles(start);
    for (String name : names()) {
      Sampler sampler = Samplers.byName(name, SamplerOptions.NONE);
      sampler.sample(
          DENOISER,
          start,
          sigmas(4),
          SamplerAccuracyTest.noise(sampler, new long[1], SHAPE),
          SamplerListener.NONE);
    }
    assertThat(Tensors.toDoubles(start)).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("names")
  void oneStepIsADenoisingOrASentenceThatSaysWhyNot(String name) {
    Sampler sampler = Samplers.byName(name, SamplerOptions.NONE);
    Tensor start = ImageNoise.initial(1, new long[1], SHAPE).mul(new Scalar(SIGMA_MAX));
    double[] sigmas = {SIGMA_MAX, 0};
    NoiseSource noise = SamplerAccuracyTest.noise(sampler, new long[1], SHAPE);
    if (sampler instanceof DpmSolverSampler) {
      assertThatThrownBy(() -> sampler.sample(DENOISER, start, sigmas, noise, SamplerListener.NONE))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(name);
      return;
    }
    double[] images =
        Tensors.toDoubles(sampler.sample(DENOISER, start, sigmas, noise, SamplerListener.NONE));
    double[] denoised = Tensors.toDoubles(DENOISER.denoise(start, SIGMA_MAX));
    assertThat(images).containsExactly(denoised, within(1e-5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "3,2,1", "3,3,0", "3,NaN,0", "1,2,0", "Infinity,1,0"})
  void noiseLevelsThatDoNotFallToZeroAreRefused(String levels) {
    double[] sigmas =
        levels.isEmpty()
            ? new double[0]
            : Arrays.stream(levels.split(",")).mapToDouble(Double::parseDouble).toArray();
    Sampler sampler = Samplers.byName("euler", SamplerOptions.NONE);
    Tensor start = ImageNoise.initial(1, new long[1], SHAPE);
    NoiseSource noise = new ImageNoise(1, new long[1], SHAPE);
    assertThatThrownBy(() -> sampler.sample(DENOISER, start, sigmas, noise, SamplerListener.NONE))
        .isInstanceOf(InputException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dpm-fast", "dpm-adaptive"})
  void noiseLevelsThatAreOneInFloat32AreRefusedWhereTimeIs(String name) {
    Sampler sampler = Samplers.byName(name, SamplerOptions.NONE);
    Tensor start = ImageNoise.initial(1, new long[1], SHAPE);
    double[] sigmas = {1 + 1e-9, 1, 0};
    NoiseSource noise = SamplerAccuracyTest.noise(sampler, new long[1], SHAPE);
    assertThatThrownBy(() -> sampler.sample(DENOISER, start, sigmas, noise, SamplerListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("float32");
  }

  @Test
  void moreStepsThanFloat32HasNumbersAreHarmless() {
    Sampler sampler = Samplers.byName("dpm-fast", SamplerOptions.parse("evaluations=60"));
    Tensor start = ImageNoise.initial(1, new long[1], SHAPE);
    double[] sigmas = {1 + 1e-6, 1, 0};
    NoiseSource noise = SamplerAccuracyTest.noise(sampler, new long[1], SHAPE);
    double[] images =
        Tensors.toDoubles(sampler.sample(DENOISER, start, sigmas, noise, SamplerListener.NONE));
    assertThat(images).containsExactly(Tensors.toDoubles(start), within(1e-4));
  }

  @Test
  void aToleranceThatFloat32TimeCannotMeetIsRefused() {
    Sampler sampler = Samplers.byName("dpm-adaptive", SamplerOptions.parse("rtol=0,atol=1e-18"));
    Tensor start = ImageNoise.initial(1, new long[1], SHAPE).mul(new Scalar(SIGMA_MAX));
    NoiseSource noise = SamplerAccuracyTest.noise(sampler, new long[1], SHAPE);
    assertThatThrownBy(
            () -> sampler.sample(DENOISER, start, sigmas(10), noise, SamplerListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("raise rtol or atol");
  }

  @Test
  void anAdaptiveSamplerStopsWhenTheModelGivesNoNumbers() {
    Sampler sampler = Samplers.byName("dpm-adaptive", SamplerOptions.NONE);
    Tensor start = ImageNoise.initial(1, new long[1], SHAPE);
    Denoiser broken = (x, sigma) -> x.mul(new Scalar(Double.NaN));
    NoiseSource noise = new ImageNoise(1, new long[1], SHAPE);
    assertThatThrownBy(() -> sampler.sample(broken, start, sigmas(10), noise, SamplerListener.NONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("finite");
  }

  private static double[] sample(Sampler sampler, int steps, long... images) {
    Tensor start = ImageNoise.initial(9, images, SHAPE).mul(new Scalar(SIGMA_MAX));
    NoiseSource noise = SamplerAccuracyTest.noise(sampler, images, SHAPE);
    return Tensors.toDoubles(
        sampler.sample(DENOISER, start, sigmas(steps), noise, SamplerListener.NONE));
  }

  private static double[] sigmas(int steps) {
    return new SigmaSchedule.Karras(7).sigmas(steps, new NoiseRange(SIGMA_MIN, SIGMA_MAX));
  }
}
