package dev.hourglass.diffusion.ode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.Golden;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Normal images, whose denoiser has a diagonal Jacobian: random signs give its trace exactly. */
class LikelihoodConformanceTest {

  /** The coordinates that the flow is solved in are a choice, which must not show. */
  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.5, 2})
  void logDensitiesOfNormalImagesAreThoseOfTheFlow(double sigmaData) {
    try (Golden golden = Golden.open("variants/likelihood.safetensors")) {
      Tensor mean = golden.tensor("in.mu");
      Tensor variance = golden.tensor("in.var");
      Denoiser denoiser =
          (x, sigma) -> {
            Scalar square = new Scalar(sigma * sigma);
            return x.mul(variance).add(mean.mul(square)).div(variance.add(square));
          };
      NoiseRange range =
          new NoiseRange(
              golden.doubles("in.sigma_min")[0], golden.doubles("in.sigma_max")[0], sigmaData);
      long[] shape = Tensors.shape(golden.tensor("in.x"));
      int n = (int) shape[0];
      Likelihood likelihood =
          new Likelihood(
              ImageDenoiser.of(denoiser),
              range,
              new Tolerance(1e-9, 1e-9),
              Arrays.copyOfRange(shape, 1, 4));
      List<ImageDensity> densities =
          likelihood.of(
              images(golden.doubles("in.x"), n),
              3,
              LongStream.range(0, n).toArray(),
              Likelihood.Listener.NONE);

      String label = "likelihood sd=" + sigmaData + " ";
      double[] nats = densities.stream().mapToDouble(ImageDensity::nats).toArray();
      double[] bits = densities.stream().mapToDouble(ImageDensity::bitsPerDim).toArray();
      assertThat(Golden.worstEach(label + "nats", nats, golden.doubles("out.nats.ode")))
          .isLessThan(1e-7);
      assertThat(Golden.worstEach(label + "bits", bits, golden.doubles("out.bits_per_dim.ode")))
          .isLessThan(1e-7);
      double[] shift = golden.doubles("out.bits_per_dim");
      double[] bits8 = golden.doubles("out.bits_per_dim_8bit");
      for (int i = 0; i < n; i++) {
        assertThat(densities.get(i).bitsPerDim8Bit() - bits[i])
            .isCloseTo(bits8[i] - shift[i], within(1e-12));
      }
    }
  }

  private static double[][] images(double[] values, int n) {
    int each = values.length / n;
    double[][] images = new double[n][];
    Arrays.setAll(images, i -> Arrays.copyOfRange(values, i * each, (i + 1) * each));
    return images;
  }
}
