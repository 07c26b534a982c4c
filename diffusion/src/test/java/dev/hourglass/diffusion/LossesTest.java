package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.hourglass.config.LossConfig;
import dev.hourglass.config.objective.AdjustedSoftMinSnr;
import dev.hourglass.config.objective.Karras;
import dev.hourglass.config.objective.MinSnr;
import dev.hourglass.config.objective.Scales;
import dev.hourglass.config.objective.Sigmoid;
import dev.hourglass.config.objective.Snr;
import dev.hourglass.config.objective.SoftMinSnr;
import dev.hourglass.config.objective.Uniform;
import dev.hourglass.config.objective.Velocity;
import dev.hourglass.config.objective.Weighting;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.tensor.Tensors;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LossesTest {

  private static final double SIGMA_DATA = 0.5;
  private static final double[] SIGMAS = {0.02, 0.7, 30};
  private static final int PIXELS = 2 * 4 * 4;

  private static final Scales SCALES = new Scales(SIGMA_DATA, 2);

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
        new LossConfig.Weighted(new AdjustedSoftMinSnr(3, false)),
        new LossConfig.Weighted(new Sigmoid(1.5)),
        new LossConfig.Weighted(new Velocity(0.2)),
        new LossConfig.Weighted(new Uniform()));
  }

  static List<Arguments> objectives() {
    return PreconditioningTest.all().stream()
        .flatMap(p -> losses().stream().map(loss -> Arguments.of(p, loss)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void aPerfectNetworkHasNoLoss(Preconditioning preconditioning, LossConfig loss) {
    Network perfect = (input, s) -> preconditioning.target(images());
    assertThat(losses(preconditioning, loss, perfect))
        .containsExactly(new double[3], within(1e-20));
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void lossesAreWeightedErrorsOfTheDenoisedImage(Preconditioning preconditioning, LossConfig loss) {
    Network network = (input, s) -> input.mul(new Scalar(0.3)).add(Preconditioning.overImages(s));
    double[] actual = losses(preconditioning, loss, network);
    double[] clean = Tensors.toDoubles(x0);
    double[] denoised =
        Tensors.toDoubles(preconditioning.denoise(network, images().noisy(), sigma));
    for (int i = 0; i < 3; i++) {
      double s = SIGMAS[i];
      double sum = 0;
      for (int p = i * PIXELS; p < (i + 1) * PIXELS; p++) {
        sum += Math.pow(denoised[p] - clean[p], 2);
      }
      double weight =
          switch (loss) {
            case LossConfig.Simple() -> 1 / (s * s);
            case LossConfig.Weighted(Weighting weighting, double _) -> weighting.at(s, SCALES);
          };
      double expected = weight * sum / PIXELS;
      assertThat(actual[i]).isCloseTo(expected, within(1e-9 * expected));
    }
  }

  @Test
  void theWeightsOfThePaperAreTheirFormulas() {
    for (double s : SIGMAS) {
      double noise = s * s;
      double data = SIGMA_DATA * SIGMA_DATA;
      assertThat(new Karras().at(s, SCALES)).isCloseTo((noise + data) / (noise * data), near());
      assertThat(new SoftMinSnr().at(s, SCALES)).isCloseTo(1 / (noise + data), near());
      assertThat(new Snr(false).at(s, SCALES)).isCloseTo(1 / noise, near());
      assertThat(new Snr(true).at(s, SCALES)).isCloseTo(data / noise, near());
      assertThat(new MinSnr(3, false, false).at(s, SCALES))
          .isCloseTo(Math.min(1 / noise, 3), near());
      assertThat(new Sigmoid(-2 * Math.log(SIGMA_DATA)).at(s, SCALES))
          .isCloseTo(new SoftMinSnr().at(s, SCALES), near());
      assertThat(new Velocity(0.05).at(s, SCALES))
          .isCloseTo(Math.pow(Math.max(s / (2 + s), 0.05), -2), near());
    }
  }

  private static Percentage near() {
    return withinPercentage(1e-10);
  }

  @Test
  void moreFrequencyScalesGiveLowFrequenciesMoreWeight() {
    Network constantError =
        (input, s) -> PreconditioningTest.all().getFirst().target(images()).add(new Scalar(1));
    double plain = frequencyLoss(1, constantError);
    assertThat(plain).isCloseTo(1, within(1e-12));
    assertThat(frequencyLoss(2, constantError)).isCloseTo(2 * plain, within(1e-12));
  }

  private double frequencyLoss(double scales, Network network) {
    return losses(
        PreconditioningTest.all().getFirst(),
        new LossConfig.Weighted(new Karras(), scales),
        network)[0];
  }

  @Test
  void gradientsReachTheNetwork() {
    Tensor weight = Tensors.ofDoubles(new double[] {0.1}, 1).requires_grad_(true);
    Network network = (input, s) -> input.mul(weight);
    Tensor loss =
        new Losses(
                new LossConfig.Weighted(new SoftMinSnr()),
                PreconditioningTest.all().getFirst(),
                SCALES)
            .perImage(network, images());
    loss.mean().backward();
    assertThat(Tensors.toDoubles(weight.grad())[0]).isFinite().isNotZero();
  }

  private NoisyImages images() {
    return NoisyImages.of(x0, noise, sigma);
  }

  private double[] losses(Preconditioning preconditioning, LossConfig loss, Network network) {
    Tensor perImage = new Losses(loss, preconditioning, SCALES).perImage(network, images());
    assertThat(Tensors.shape(perImage)).containsExactly(3);
    return Tensors.toDoubles(perImage);
  }

  private static Tensor normal(int purpose) {
    float[] values = new float[3 * PIXELS];
    RandomStream.of(5, purpose).fillGaussian(values, 0, values.length);
    return Tensors.ofFloats(values, 3, 2, 4, 4).to(ScalarType.Double);
  }
}
