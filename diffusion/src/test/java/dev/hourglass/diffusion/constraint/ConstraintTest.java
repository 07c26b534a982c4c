package dev.hourglass.diffusion.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.Guidance;
import dev.hourglass.diffusion.noise.ImageNoise;
import dev.hourglass.tensor.Tensors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConstraintTest {

  private static final int HEIGHT = 6;
  private static final int WIDTH = 9;

  private PointerScope scope;

  @BeforeEach
  void openScope() {
    scope = new PointerScope();
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  /** A kind of measurement, made in the scope of the test. */
  interface Maker {
    Measurement make();
  }

  private static Maker named(String name, Maker maker) {
    return new Maker() {
      @Override
      public Measurement make() {
        return maker.make();
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }

  static Stream<Maker> measurements() {
    return Stream.of(
        named("half of the pixels", ConstraintTest::half),
        named("means of blocks", () -> new BlockMeans(3)),
        named("gray values", Gray::new));
  }

  private static Measurement half() {
    float[] anew = new float[HEIGHT * WIDTH];
    for (int i = 0; i < anew.length; i += 2) {
      anew[i] = 1;
    }
    return new KnownPixels(Tensors.ofFloats(anew, 1, 1, HEIGHT, WIDTH));
  }

  /** In [-1, 1] for the most part. */
  private static Tensor images(long seed, double deviation) {
    return ImageNoise.initial(seed, new long[] {0, 1}, 3, HEIGHT, WIDTH)
        .to(ScalarType.Double)
        .mul(new Scalar(deviation));
  }

  private static Tensor inRange(long seed) {
    return images(seed, 1).tanh();
  }

  @ParameterizedTest
  @MethodSource("measurements")
  void imposingTwiceIsImposingOnce(Maker maker) {
    Measurement measurement = maker.make();
    Tensor given = inRange(1);
    Tensor once = measurement.impose(given, images(2, 1));
    assertThat(Tensors.toDoubles(measurement.impose(given, once)))
        .containsExactly(Tensors.toDoubles(once), within(1e-14));
  }

  @ParameterizedTest
  @MethodSource("measurements")
  void imagesThatAlreadyAgreeStayWhatTheyAre(Maker maker) {
    Tensor given = inRange(1);
    assertThat(Tensors.toDoubles(maker.make().impose(given, given)))
        .containsExactly(Tensors.toDoubles(given), within(1e-15));
  }

  /** What is imposed may be taken from the result instead of the given images. */
  @ParameterizedTest
  @MethodSource("measurements")
  void theResultIsMeasuredAsTheGivenImagesAre(Maker maker) {
    Measurement measurement = maker.make();
    Tensor given = inRange(1);
    Tensor result = measurement.impose(given, images(2, 1));
    Tensor other = images(3, 1);
    assertThat(Tensors.toDoubles(measurement.impose(result, other)))
        .containsExactly(Tensors.toDoubles(measurement.impose(given, other)), within(1e-14));
  }

  @ParameterizedTest
  @MethodSource("measurements")
  void atTheEndThatHoldsWithinTheRangeOfPicturesToo(Maker maker) {
    Measurement measurement = maker.make();
    Tensor given = inRange(1);
    Tensor wild = images(2, 3);
    Tensor result = new Constraint(measurement, given).finish(wild);
    Tensor other = images(3, 1);
    assertThat(Tensors.toDoubles(measurement.impose(result, other)))
        .containsExactly(Tensors.toDoubles(measurement.impose(given, other)), within(1e-12));
    if (measurement instanceof WeightedMean) {
      assertThat(result.abs().max().item_double()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void whitePicturesAreMet() {
    Tensor white = Tensors.zeros(ScalarType.Double, 1, 3, HEIGHT, WIDTH).add(new Scalar(1));
    Tensor result = new Constraint(new BlockMeans(3), white).finish(images(2, 3).narrow(0, 0, 1));
    assertThat(Tensors.toDoubles(result)).containsExactly(Tensors.toDoubles(white), within(1e-12));
  }

  @Test
  void keptPixelsAreKeptToTheBitAndFreeOnesAreFreeToTheBit() {
    Tensor given = inRange(1).to(ScalarType.Float);
    Tensor drawn = images(2, 1).to(ScalarType.Float);
    float[] result = Tensors.toFloats(half().impose(given, drawn));
    float[] kept = Tensors.toFloats(given);
    float[] free = Tensors.toFloats(drawn);
    for (int i = 0; i < result.length; i++) {
      boolean anew = i % (HEIGHT * WIDTH) % 2 == 0;
      assertThat(result[i]).isEqualTo(anew ? free[i] : kept[i]);
    }
  }

  @Test
  void halfWhiteMixes() {
    Tensor anew = Tensors.zeros(ScalarType.Double, 1, 1, HEIGHT, WIDTH).add(new Scalar(0.25));
    Tensor result = new KnownPixels(anew).impose(inRange(1), images(2, 1));
    Tensor expected = inRange(1).mul(new Scalar(0.75)).add(images(2, 1).mul(new Scalar(0.25)));
    assertThat(Tensors.toDoubles(result))
        .containsExactly(Tensors.toDoubles(expected), within(1e-15));
  }

  @Test
  void aDenoiserIsAskedOnceAndItsEstimateAgrees() {
    Denoiser zero = (x, sigma) -> Tensors.zeros(ScalarType.Double, Tensors.shape(x));
    Tensor given = inRange(1);
    Tensor estimate = new Constraint(new Gray(), given).around(zero).denoise(images(2, 1), 1);
    double[] colours = Tensors.toDoubles(estimate.get(0).select(1, 0).select(1, 0)); // [3]
    assertThat(colours[0]).isEqualTo(colours[1]).isEqualTo(colours[2]);
    double[] right = Tensors.toDoubles(given.get(0).select(1, 0).select(1, 0));
    assertThat(colours[0])
        .isCloseTo(0.299 * right[0] + 0.587 * right[1] + 0.114 * right[2], within(1e-15));
  }

  /** Both are linear, so it is the same whether estimates are constrained or what guides them. */
  @ParameterizedTest
  @MethodSource("measurements")
  void constraintAndGuidanceWrapEachOtherInAnyOrder(Maker maker) {
    Constraint constraint = new Constraint(maker.make(), inRange(1));
    Denoiser weak = (x, sigma) -> x.mul(new Scalar(0.3));
    Denoiser main = (x, sigma) -> x.square();
    Guidance guidance = Guidance.constant(1.7);
    Tensor outside = constraint.around(guidance.between(weak, main)).denoise(images(2, 1), 1);
    Tensor inside =
        guidance.between(constraint.around(weak), constraint.around(main)).denoise(images(2, 1), 1);
    assertThat(Tensors.toDoubles(inside))
        .containsExactly(Tensors.toDoubles(outside), within(1e-13));
  }

  @Test
  void blocksHaveASide() {
    assertThatThrownBy(() -> new BlockMeans(0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("at least 1 pixel");
  }
}
