package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PreconditioningTest {

  private static final double SIGMA_DATA = 0.5;

  static List<Preconditioning> all() {
    return all(SIGMA_DATA, 2);
  }

  private static List<Preconditioning> all(double sigmaData, double noiseScale) {
    return List.of(
        new Preconditioning.Karras(sigmaData),
        new Preconditioning.Epsilon(sigmaData),
        new Preconditioning.X(noiseScale),
        new Preconditioning.Flow(noiseScale));
  }

  private static String name(Preconditioning preconditioning) {
    return preconditioning.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }

  @Test
  void coefficientsAreTheGoldenOnes() {
    try (Golden golden = Golden.open("variants/preconditioning.safetensors")) {
      Tensor sigma = golden.tensor("in.sigma");
      for (int noiseScale = 1; noiseScale <= 2; noiseScale++) {
        for (Preconditioning preconditioning : all(SIGMA_DATA, noiseScale)) {
          String key =
              "%s sigma_data=0.5 noise_scale=%d ".formatted(name(preconditioning), noiseScale);
          compare(golden, key + "c_skip", preconditioning.cSkip(sigma));
          compare(golden, key + "c_out", preconditioning.cOut(sigma));
          compare(golden, key + "c_in", preconditioning.cIn(sigma));
        }
      }
    }
  }

  private static void compare(Golden golden, String key, Tensor actual) {
    double[] expected = golden.doubles(key);
    double[] values = Tensors.toDoubles(actual);
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).as(key).isCloseTo(expected[i], within(1e-14 * Math.abs(expected[i])));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aNetworkThatPredictsTheTargetGivesTheCleanImage(Preconditioning preconditioning) {
    Tensor clean = normal(1);
    Tensor sigma = Tensors.ofDoubles(new double[] {0.02, 0.7, 30}, 3);
    NoisyImages images = NoisyImages.of(clean, normal(2), sigma);
    Tensor target = preconditioning.target(images);
    double[] denoised =
        Tensors.toDoubles(preconditioning.denoise((input, s) -> target, images.noisy(), sigma));
    assertThat(denoised).containsExactly(Tensors.toDoubles(clean), within(1e-12));
  }

  private static Tensor normal(int purpose) {
    float[] values = new float[3 * 32];
    RandomStream.of(5, purpose).fillGaussian(values, 0, values.length);
    return Tensors.ofFloats(values, 3, 2, 4, 4).to(ScalarType.Double);
  }
}
