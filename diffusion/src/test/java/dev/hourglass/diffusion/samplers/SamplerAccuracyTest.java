package dev.hourglass.diffusion.samplers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.diffusion.NoiseRange;
import dev.hourglass.diffusion.SigmaSchedule;
import dev.hourglass.diffusion.noise.BrownianNoise;
import dev.hourglass.diffusion.noise.ImageNoise;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Samplers on normal images, where the right answer is known. */
class SamplerAccuracyTest {

  private static final double SIGMA_MIN = 1e-4;
  private static final double SIGMA_MAX = 20;
  private static final Gaussians DATA = new Gaussians(0.3, 0.5);

  @ParameterizedTest
  @CsvSource({
    "euler, '', 1",
    "euler-ancestral, eta=0, 1",
    "heun, '', 2",
    "dpm-2, '', 2",
    "dpm-2-ancestral, eta=0, 2",
    "dpmpp-2s-ancestral, eta=0, 2",
    "dpmpp-sde, eta=0, 2",
    "dpmpp-2m, '', 2",
    "dpmpp-2m-sde-midpoint, eta=0, 2",
    "dpmpp-2m-sde-heun, eta=0, 2",
    "dpmpp-3m-sde, eta=0, 2",
    "lms, order=1, 1",
    "lms, order=2, 2",
    "lms, order=4, 3",
    "dpm-fast, '', 3",
  })
  void theErrorFallsWithTheStepsAsTheOrderPromises(String name, String options, int order) {
    Sampler sampler = Samplers.byName(name, SamplerOptions.parse(options));
    double coarse = flowError(sampler, 64);
    double fine = flowError(sampler, 128);
    assertThat(Math.log(coarse / fine) / Math.log(2)).isGreaterThan(order - 0.35);
    assertThat(fine).isLessThan(0.1);
  }

  @Test
  void theErrorOfAdaptiveStepsFollowsTheTolerance() {
    SamplerOptions options = SamplerOptions.parse("rtol=1e-5,atol=1e-6");
    assertThat(flowError(Samplers.byName("dpm-adaptive", options), 10)).isLessThan(1e-4);
    SamplerOptions order2 = SamplerOptions.parse("rtol=1e-4,atol=1e-5,order=2");
    assertThat(flowError(Samplers.byName("dpm-adaptive", order2), 10)).isLessThan(1e-3);
  }

  static List<String> stochastic() {
    return List.of(
        "euler,s_churn=2",
        "heun,s_churn=20",
        "dpm-2,s_churn=20",
        "euler-ancestral",
        "dpm-2-ancestral",
        "dpm-2-ancestral,eta=0.5",
        "dpmpp-2s-ancestral",
        "dpmpp-sde",
        "dpmpp-sde,r=0.3",
        "dpmpp-2m-sde-midpoint",
        "dpmpp-2m-sde-heun",
        "dpmpp-3m-sde",
        "dpmpp-3m-sde,eta=0.5",
        "dpm-fast,eta=1",
        "dpm-adaptive,eta=0.5,rtol=0.003,atol=0.001");
  }

  @ParameterizedTest
  @MethodSource("stochastic")
  void noiseKeepsTheDistributionOfTheImages(String text) {
    int comma = text.indexOf(',');
    SamplerOptions options =
        comma < 0 ? SamplerOptions.NONE : SamplerOptions.parse(text.substring(comma + 1));
    Sampler sampler = Samplers.byName(comma < 0 ? text : text.substring(0, comma), options);
    double[] sigmas = new SigmaSchedule.Exponential().sigmas(200, new NoiseRange(5e-3, SIGMA_MAX));
    long[] images = {0, 1};
    long[] shape = {4, 32, 32};
    Tensor start = ImageNoise.initial(11, images, shape).mul(new Scalar(SIGMA_MAX));
    Tensor result =
        sampler.sample(
            DATA.denoiser(), start, sigmas, noise(sampler, images, shape), SamplerListener.NONE);
    double[] pixels = Tensors.toDoubles(result);
    double mean = 0;
    double square = 0;
    double product = 0;
    double[] first = Tensors.toDoubles(start);
    for (int i = 0; i < pixels.length; i++) {
      mean += pixels[i] / pixels.length;
      square += Math.pow(pixels[i] - DATA.mean(), 2) / pixels.length;
      product += (pixels[i] - DATA.mean()) * first[i] / SIGMA_MAX / pixels.length;
    }
    // 8192 pixels: standard errors 0.008 and 1.6%.
    assertThat(mean).isCloseTo(DATA.mean(), within(0.035));
    assertThat(square / DATA.variance()).isCloseTo(1, within(0.08));
    // And the noise does something: the start does not determine the result.
    assertThat(product / Math.sqrt(DATA.variance())).isLessThan(0.97);
  }

  static NoiseSource noise(Sampler sampler, long[] images, long... shape) {
    return switch (sampler.noiseKind()) {
      case NONE ->
          (from, to) -> {
            throw new AssertionError(sampler.name() + " draws noise");
          };
      case INDEPENDENT -> new ImageNoise(5, images, shape);
      case BROWNIAN -> new BrownianNoise(5, images, 5e-3, SIGMA_MAX, shape);
    };
  }

  /** The largest distance from the exact flow, relative to the images' deviation. */
  private static double flowError(Sampler sampler, int steps) {
    double[] start = {-30, -3, 0.1, 8, 20, 40};
    double[] sigmas =
        new SigmaSchedule.Exponential().sigmas(steps, new NoiseRange(SIGMA_MIN, SIGMA_MAX));
    double[] error = new double[1];
    Scope.run(
        () -> {
          Tensor x = Tensors.ofDoubles(start, 2, 3, 1, 1);
          Tensor images =
              sampler.sample(
                  DATA.denoiser(),
                  x,
                  sigmas,
                  noise(sampler, new long[2], 3, 1, 1),
                  SamplerListener.NONE);
          assertThat(images.scalar_type().intern()).isEqualTo(ScalarType.Double);
          double[] actual = Tensors.toDoubles(images);
          double[] exact = DATA.flow(start, SIGMA_MAX, 0);
          for (int i = 0; i < actual.length; i++) {
            error[0] = Math.max(error[0], Math.abs(actual[i] - exact[i]));
          }
        });
    return error[0] / Math.sqrt(DATA.variance());
  }
}
