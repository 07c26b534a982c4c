package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.config.LossConfig;
import dev.hourglass.config.weighting.AdjustedSoftMinSnr;
import dev.hourglass.config.weighting.Karras;
import dev.hourglass.config.weighting.MinSnr;
import dev.hourglass.config.weighting.Snr;
import dev.hourglass.config.weighting.SoftMinSnr;
import dev.hourglass.core.InputException;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.tensor.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossesTest {

  private static final double SIGMA_DATA = 0.5;
  private static final double[] SIGMAS = {0.02, 0.7, 30};
  private static final int PIXELS = 2 * 4 * 4;

  private final Preconditioning preconditioning = new Preconditioning(SIGMA_DATA);
  private final Tensor x0 = normal(1);
  private final Tensor noise = normal(2);
  private final Tensor sigma = Tensors.ofDoubles(SIGMAS, 3);

  static List<LossConfig> losses() {
    return List.of(
        new LossConfig.Simple(),
        new LossConfig.Weighted(new Karras()),
        new LossConfig.Weighted(new SoftMinSnr()),
        new LossConfig.Weighted(new Snr(false)),
        new LossConfig.Weighted(new Snr(true)),
        new LossConfig.Weighted(new MinSnr(3, false, false)),
        new LossConfig.Weighted(new AdjustedSoftMinSnr(3, false)));
  }

  private static double cOut(double s) {
    return s * SIGMA_DATA / Math.hypot(s, SIGMA_DATA);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aPerfectNetworkHasNoLoss(LossConfig loss) {
    Network perfect =
        (input, s) -> {
          Tensor x = input.div(Preconditioning.overImages(preconditioning.cIn(s)));
          return x0.sub(x.mul(Preconditioning.overImages(preconditioning.cSkip(s))))
              .div(Preconditioning.overImages(preconditioning.cOut(s)));
        };
    assertThat(losses(loss, perfect)).containsExactly(new double[3], within(1e-20));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossesAreTheFormulasOfThePaperPixelByPixel(LossConfig loss) {
    Network network = (input, s) -> input.mul(new Scalar(0.3)).add(Preconditioning.overImages(s));
    double[] actual = losses(loss, network);
    double[] images = Tensors.toDoubles(x0);
    double[] noises = Tensors.toDoubles(noise);
    for (int i = 0; i < 3; i++) {
      double s = SIGMAS[i];
      double total = s * s + SIGMA_DATA * SIGMA_DATA;
      double sum = 0;
      for (int p = i * PIXELS; p < (i + 1) * PIXELS; p++) {
        double x = images[p] + s * noises[p];
        double output = 0.3 * x / Math.sqrt(total) + s;
        double cOut = s * SIGMA_DATA / Math.sqrt(total);
        double cSkip = SIGMA_DATA * SIGMA_DATA / total;
        double denoised = cSkip * x + cOut * output;
        double error =
            loss.equals(new LossConfig.Simple())
                ? (x - denoised) / s - noises[p]
                : output - (images[p] - cSkip * x) / cOut;
        sum += error * error;
      }
      double weight =
          switch (loss) {
            case LossConfig.Simple() -> 1;
            case LossConfig.Weighted(Karras()) -> 1;
            case LossConfig.Weighted(SoftMinSnr()) -> Math.pow(s * SIGMA_DATA / total, 2);
            case LossConfig.Weighted(Snr(boolean adjusted)) ->
                SIGMA_DATA * SIGMA_DATA / total * (adjusted ? SIGMA_DATA * SIGMA_DATA : 1);
            case LossConfig.Weighted(MinSnr _) -> Math.min(1 / (s * s), 3) * cOut(s) * cOut(s);
            case LossConfig.Weighted(AdjustedSoftMinSnr _) ->
                Math.pow(SIGMA_DATA, 4) * s * s / (total * (s * s + 1.0 / 3)) * cOut(s) * cOut(s);
          };
      double expected = weight * sum / PIXELS;
      assertThat(actual[i]).isCloseTo(expected, within(1e-10 * expected));
    }
  }

  @Test
  void gradientsReachTheNetwork() {
    Tensor weight = Tensors.ofDoubles(new double[] {0.1}, 1).requires_grad_(true);
    Network network = (input, s) -> input.mul(weight);
    Tensor loss =
        Losses.perImage(
            new LossConfig.Weighted(new SoftMinSnr()), preconditioning, network, x0, noise, sigma);
    loss.mean().backward();
    assertThat(Tensors.toDoubles(weight.grad())[0]).isFinite().isNotZero();
  }

  @Test
  void scalingsOfTensorsAreThoseOfNumbers() {
    double[] skip = Tensors.toDoubles(preconditioning.cSkip(sigma));
    double[] out = Tensors.toDoubles(preconditioning.cOut(sigma));
    double[] in = Tensors.toDoubles(preconditioning.cIn(sigma));
    for (int i = 0; i < 3; i++) {
      assertThat(skip[i]).isCloseTo(preconditioning.cSkip(SIGMAS[i]), within(1e-14));
      assertThat(out[i]).isCloseTo(preconditioning.cOut(SIGMAS[i]), within(1e-14));
      assertThat(in[i]).isCloseTo(preconditioning.cIn(SIGMAS[i]), within(1e-14));
    }
  }

  @Test
  void sigmaDataMustBePositive() {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new Preconditioning(bad)).isInstanceOf(InputException.class);
    }
  }

  @Test
  void guidanceAtOneIsTheConditionalModelAndAtZeroTheOther() {
    Denoiser doubled =
        (x, s) -> x.mul(Tensors.ofDoubles(new double[] {1, 1, 1, 3, 3, 3}, 6, 1, 1, 1));
    double[] images = Tensors.toDoubles(x0);
    for (double scale : new double[] {0, 1, 2.5, -1}) {
      double[] guided = Tensors.toDoubles(Guidance.guided(doubled, scale).denoise(x0, 1));
      for (int i = 0; i < images.length; i++) {
        assertThat(guided[i]).isCloseTo(images[i] * (1 + 2 * scale), within(1e-12));
      }
    }
    assertThatThrownBy(() -> Guidance.guided(doubled, Double.NaN))
        .isInstanceOf(InputException.class);
  }

  private double[] losses(LossConfig loss, Network network) {
    Tensor perImage = Losses.perImage(loss, preconditioning, network, x0, noise, sigma);
    assertThat(Tensors.shape(perImage)).containsExactly(3);
    return Tensors.toDoubles(perImage);
  }

  private static Tensor normal(int purpose) {
    float[] values = new float[3 * PIXELS];
    RandomStream.of(5, purpose).fillGaussian(values, 0, values.length);
    return Tensors.ofFloats(values, 3, 2, 4, 4).to(ScalarType.Double);
  }
}
