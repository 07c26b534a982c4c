package dev.hourglass.diffusion.samplers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.Golden;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.diffusion.samplers.SamplerOptions.Option;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every sampler against the authors' results, in double precision. */
class SamplersConformanceTest {

  private static final double TOLERANCE = 1e-12;

  @TestFactory
  List<DynamicTest> everyResultOfTheFileIsReproduced() {
    try (Golden golden = Golden.open("samplers.safetensors")) {
      Setting setting = Setting.of(golden);
      return golden.keys("out.").stream()
          .map(
              key -> {
                double[] expected = golden.doubles("out." + key);
                return DynamicTest.dynamicTest(
                    key,
                    () -> {
                      Tensor images = setting.sample(sampler(key));
                      double worst =
                          Golden.worst("samplers/" + key, Tensors.toDoubles(images), expected);
                      assertThat(worst).isLessThan(TOLERANCE);
                    });
              })
          .toList();
    }
  }

  @Test
  void everySamplerHasAResultInTheFile() {
    try (Golden golden = Golden.open("samplers.safetensors")) {
      Set<String> covered = new HashSet<>();
      golden.keys("out.").forEach(key -> covered.add(sampler(key).name()));
      assertThat(covered).containsExactlyInAnyOrderElementsOf(Samplers.names());
    }
  }

  /** Parses {@code NAME[-etaE][-churn][-EVALUATIONS]}; anything else fails. */
  private static Sampler sampler(String key) {
    SamplerOptions options = SamplerOptions.NONE;
    String name = key;
    while (!Samplers.names().contains(name)) {
      int dash = name.lastIndexOf('-');
      assertThat(dash).as("%s is not understood", key).isPositive();
      String suffix = name.substring(dash + 1);
      name = name.substring(0, dash);
      if (suffix.equals("churn")) {
        options =
            options
                .with(Option.S_CHURN, 3)
                .with(Option.S_TMIN, 0.05)
                .with(Option.S_TMAX, 30)
                .with(Option.S_NOISE, 1.003);
      } else if (suffix.startsWith("eta")) {
        options = options.with(Option.ETA, Double.parseDouble(suffix.substring(3)));
      } else {
        options = options.with(Option.EVALUATIONS, Integer.parseInt(suffix));
      }
    }
    return Samplers.byName(name, options);
  }

  /** The toy denoiser, the start and the noises of the file. */
  private static final class Setting {

    private final Denoiser denoiser;
    private final Tensor start;
    private final double[] sigmas;
    private final Tensor noises;

    private Setting(Denoiser denoiser, Tensor start, double[] sigmas, Tensor noises) {
      this.denoiser = denoiser;
      this.start = start;
      this.sigmas = sigmas;
      this.noises = noises;
    }

    static Setting of(Golden golden) {
      Tensor mean = golden.tensor("in.mu");
      Tensor variance = golden.tensor("in.var");
      Denoiser denoiser =
          (x, sigma) ->
              Scope.of(
                  () -> {
                    Scalar square = new Scalar(sigma * sigma);
                    Tensor linear = x.mul(variance).add(mean.mul(square)).div(variance.add(square));
                    return torch.tanh(linear).mul(new Scalar(0.7)).add(linear.mul(new Scalar(0.3)));
                  });
      return new Setting(
          denoiser,
          golden.tensor("in.x").mul(new Scalar(40.0)),
          golden.doubles("in.sigmas"),
          golden.tensor("in.noises"));
    }

    Tensor sample(Sampler sampler) {
      int[] draw = {0};
      NoiseSource inOrder = (from, to) -> noises.get(draw[0]++);
      return sampler.sample(denoiser, start, sigmas, inOrder, SamplerListener.NONE);
    }
  }
}
