package dev.hourglass.diffusion.ode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.NoiseRange;
import dev.hourglass.diffusion.SigmaSchedule;
import dev.hourglass.diffusion.noise.ImageNoise;
import dev.hourglass.diffusion.samplers.Sampler;
import dev.hourglass.diffusion.samplers.SamplerOptions;
import dev.hourglass.diffusion.samplers.Samplers;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InversionTest {

  private static final double VARIANCE = 0.3;
  private static final double[] SIGMAS =
      new SigmaSchedule.Karras(7).sigmas(30, new NoiseRange(0.01, 80));

  /** Of normal images, so that where the flow ends is known. */
  private static final Denoiser DENOISER =
      (x, sigma) -> Scope.of(() -> x.mul(new Scalar(VARIANCE / (VARIANCE + sigma * sigma))));

  private static Tensor images() {
    RandomStream random = RandomStream.of(23);
    double[] values = IntStream.range(0, 24).mapToDouble(i -> random.nextGaussian() / 2).toArray();
    return Tensors.ofDoubles(values, 2, 3, 2, 2);
  }

  private static double largest(Tensor a, Tensor b) {
    return a.sub(b).abs().max().item_double();
  }

  /** The images again; the sampler's last step, to no noise, denoises what is left at sigma_min. */
  private static double roundTrip(FlowMethod method, int refinements) {
    Tensor images = images();
    Tensor noise = new Inversion(method, refinements).noise(DENOISER, images, SIGMAS, step -> {});
    Sampler sampler = Samplers.byName(method.samplerName(), SamplerOptions.NONE);
    Tensor again =
        sampler.sample(
            DENOISER,
            noise,
            SIGMAS,
            new ImageNoise(0, new long[] {0, 1}, 3, 2, 2),
            SamplerListener.NONE);
    return largest(again, DENOISER.denoise(images, SIGMAS[SIGMAS.length - 2]));
  }

  @ParameterizedTest
  @EnumSource
  void drawingFromTheNoiseOfImagesGivesTheImages(FlowMethod method) {
    assertThat(roundTrip(method, 40)).isLessThan(1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void everyRefinementBringsTheRoundTripNearer(FlowMethod method) {
    double before = roundTrip(method, 0);
    assertThat(before).isGreaterThan(1e-4);
    for (int refinements = 1; refinements < 4; refinements++) {
      double now = roundTrip(method, refinements);
      assertThat(now).isLessThan(before / 2);
      before = now;
    }
  }

  @ParameterizedTest
  @EnumSource
  void theNoiseIsNearWhereTheFlowEnds(FlowMethod method) {
    Tensor noise = new Inversion(method, 2).noise(DENOISER, images(), SIGMAS, step -> {});
    double ratio = Math.sqrt((VARIANCE + 80 * 80) / (VARIANCE + 0.01 * 0.01));
    double error = largest(noise.div(new Scalar(ratio)), images());
    assertThat(error).isLessThan(method == FlowMethod.HEUN ? 0.03 : 0.4);
  }

  @ParameterizedTest
  @EnumSource
  void evaluationsAndStepsAreCounted(FlowMethod method) {
    int[] calls = {0};
    Denoiser counting =
        (x, sigma) -> {
          calls[0]++;
          return DENOISER.denoise(x, sigma);
        };
    List<Integer> done = new ArrayList<>();
    Inversion inversion = new Inversion(method, 2);
    Tensor images = images();
    inversion.noise(counting, images, SIGMAS, done::add);
    assertThat(calls[0]).isEqualTo(inversion.evaluations(30));
    assertThat(done).isEqualTo(IntStream.rangeClosed(1, 29).boxed().toList());
    assertThat(Arrays.stream(Tensors.toDoubles(images)).toArray())
        .isEqualTo(Tensors.toDoubles(images()));
  }
}
