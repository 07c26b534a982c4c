package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.config.NoiseDensity;
import dev.hourglass.config.objective.Scales;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NoiseLevelSamplerTest {

  private static final double LAST = Math.nextDown(1.0);

  @Test
  void theTwoSidesOfASplitLognormalAreHalfNormalsOfTheirScales() {
    NoiseLevelSampler sampler =
        new NoiseLevelSampler(new NoiseDensity.SplitLogNormal(-0.5, 0.4, 1.2), Scales.ofData(1));
    double[] logs = Arrays.stream(sampler.sigmas(even(200_000))).map(Math::log).toArray();
    double[] left = Arrays.stream(logs).filter(v -> v < -0.5).toArray();
    double[] right = Arrays.stream(logs).filter(v -> v >= -0.5).toArray();
    assertThat(left.length / 200_000.0).isCloseTo(0.25, within(1e-4));
    assertThat(rootMeanSquare(left)).isCloseTo(0.4, within(1e-3));
    assertThat(rootMeanSquare(right)).isCloseTo(1.2, within(1e-3));
  }

  @Test
  void aSplitLognormalOfEqualScalesIsALognormal() {
    double[] uniforms = even(1000);
    double[] split =
        new NoiseLevelSampler(new NoiseDensity.SplitLogNormal(-1.2, 0.7, 0.7), Scales.ofData(1))
            .sigmas(uniforms);
    double[] plain =
        new NoiseLevelSampler(new NoiseDensity.LogNormal(-1.2, 0.7), Scales.ofData(1))
            .sigmas(uniforms);
    assertThat(split).containsExactly(plain, within(1e-12));
  }

  @Test
  void everyDensityIsPositiveAndFiniteAtTheEndsOfTheUniforms() {
    for (NoiseDensity density :
        new NoiseDensity[] {
          new NoiseDensity.LogNormal(-1.2, 1.2),
          new NoiseDensity.LogLogistic(0, 0.5, 0, Double.POSITIVE_INFINITY),
          new NoiseDensity.LogUniform(0.01, 80),
          new NoiseDensity.VDiffusion(1e-3, 1e3),
          new NoiseDensity.SplitLogNormal(0, 1, 2),
          new NoiseDensity.CosineInterpolated(256, 32, 256, 1e-3, 1e3)
        }) {
      for (double sigma : new NoiseLevelSampler(density, Scales.ofData(0.5)).sigmas(0, LAST)) {
        assertThat(sigma).as(density.toString()).isPositive().isFinite();
      }
    }
  }

  @Test
  void stratifiedUniformsPutOneImageInEachStratum() {
    double[] uniforms = StratifiedUniforms.of(7, 3, 0, 50, 50);
    for (int i = 0; i < 50; i++) {
      assertThat(uniforms[i]).isBetween(i / 50.0, (i + 1) / 50.0);
    }
    assertThat(uniforms).isNotEqualTo(StratifiedUniforms.of(7, 4, 0, 50, 50));
    assertThat(uniforms).isNotEqualTo(StratifiedUniforms.of(8, 3, 0, 50, 50));
  }

  @Test
  void processesThatShareABatchGetThePartsOfIt() {
    double[] whole = StratifiedUniforms.of(7, 3, 0, 8, 8);
    assertThat(StratifiedUniforms.of(7, 3, 2, 3, 8)).isEqualTo(Arrays.copyOfRange(whole, 2, 5));
    assertThatThrownBy(() -> StratifiedUniforms.of(7, 3, 6, 3, 8))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double[] even(int n) {
    return IntStream.range(0, n).mapToDouble(i -> (i + 0.5) / n).toArray();
  }

  private static double rootMeanSquare(double[] logs) {
    return Math.sqrt(Arrays.stream(logs).map(v -> (v + 0.5) * (v + 0.5)).average().orElseThrow());
  }
}
