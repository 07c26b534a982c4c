package dev.hourglass.diffusion.samplers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.NoiseRange;
import dev.hourglass.diffusion.SigmaSchedule;
import dev.hourglass.diffusion.constraint.Constraint;
import dev.hourglass.diffusion.constraint.KnownPixels;
import dev.hourglass.diffusion.noise.ImageNoise;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatsTest {

  private static final Gaussians DATA = new Gaussians(0.3, 0.5);
  private static final long[] ONE = {0};
  private static final int PIXELS = 4000;

  private static NoiseSource noise(long seed) {
    return new ImageNoise(seed, ONE, 1, 1, PIXELS);
  }

  private static Repeats times(int times) {
    return new Repeats(IntStream.range(1, times).mapToObj(i -> noise(10 + i)).toList(), noise(10));
  }

  private static double[] sample(String name, Denoiser denoiser, int steps, Repeats repeats) {
    try (PointerScope scope = new PointerScope()) {
      double[] sigmas = new SigmaSchedule.Karras(7).sigmas(steps, new NoiseRange(1e-3, 20));
      Tensor start =
          ImageNoise.initial(0, ONE, 1, 1, PIXELS).to(ScalarType.Double).mul(new Scalar(sigmas[0]));
      return Tensors.toDoubles(
          Samplers.byName(name, SamplerOptions.NONE)
              .sample(denoiser, start, sigmas, noise(1), repeats, SamplerListener.NONE));
    }
  }

  /** Where nothing else is known, going back and forth changes nothing of what is drawn. */
  @ParameterizedTest
  @ValueSource(strings = {"heun", "dpmpp-2m", "lms", "euler-ancestral", "dpmpp-2m-sde-heun"})
  void repeatedStepsDrawFromTheSameDistribution(String name) {
    double[] drawn = sample(name, DATA.denoiser(), 100, times(3));
    double mean = Arrays.stream(drawn).average().orElseThrow();
    double variance =
        Arrays.stream(drawn).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    assertThat(mean).isCloseTo(DATA.mean(), within(0.05));
    assertThat(variance).isCloseTo(DATA.variance(), within(0.06));
  }

  @ParameterizedTest
  @ValueSource(strings = {"euler", "dpmpp-2m", "dpmpp-3m-sde"})
  void everyStepIsMadeAsOftenAsAskedFor(String name) {
    AtomicInteger evaluations = new AtomicInteger();
    Denoiser denoiser =
        (x, sigma) -> {
          evaluations.incrementAndGet();
          return DATA.denoiser().denoise(x, sigma);
        };
    sample(name, denoiser, 7, times(4));
    assertThat(evaluations).hasValue(4 * 7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"euler", "lms", "dpmpp-2m"})
  void onceIsTheSamplerItself(String name) {
    assertThat(sample(name, DATA.denoiser(), 9, times(1)))
        .isEqualTo(sample(name, DATA.denoiser(), 9, Repeats.NONE));
    assertThat(sample(name, DATA.denoiser(), 9, times(2)))
        .isNotEqualTo(sample(name, DATA.denoiser(), 9, Repeats.NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dpm-fast", "dpm-adaptive"})
  void samplersThatChooseTheirStepsRefuse(String name) {
    assertThatThrownBy(() -> sample(name, DATA.denoiser(), 9, times(2)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot repeat them");
    assertThat(List.of(sample(name, DATA.denoiser(), 9, Repeats.NONE))).isNotEmpty();
  }

  @Test
  void aConstrainedRunWithRepeatsHoldsNoMoreNativeObjectsAtItsEndThanAtItsBeginning() {
    try (PointerScope scope = new PointerScope()) {
      Tensor given = Tensors.zeros(ScalarType.Double, 1, 1, 1, PIXELS);
      Tensor anew = Tensors.zeros(ScalarType.Double, 1, 1, 1, PIXELS).add(new Scalar(0.5));
      Constraint constraint = new Constraint(new KnownPixels(anew), given);
      Tensor start = ImageNoise.initial(0, ONE, 1, 1, PIXELS).to(ScalarType.Double);
      List<Long> alive = new ArrayList<>();
      double[] sigmas = new SigmaSchedule.Karras(7).sigmas(20, new NoiseRange(1e-3, 20));
      long before = Pointer.totalCount();
      Tensor drawn =
          Samplers.byName("dpmpp-3m-sde", SamplerOptions.NONE)
              .sample(
                  constraint.around(DATA.denoiser()),
                  start,
                  sigmas,
                  noise(1),
                  times(3),
                  (step, count, sigma, denoised) -> alive.add(Pointer.totalCount() - before));
      constraint.finish(drawn);
      assertThat(Pointer.totalCount() - before).isLessThanOrEqualTo(2);
      assertThat(alive).hasSize(60).allMatch(count -> count < 40);
    }
  }
}
