package dev.hourglass.kernels.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Matrix;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import java.lang.foreign.Arena;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GegluTest {

  /** Gates of the accuracy tests lie this close together, on [-8, 8]. */
  private static final double GRID = 1.0 / 4096;

  private static final int GRID_POINTS = 2 * 8 * 4096 + 1;

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void free() {
    arena.close();
  }

  private static double gelu(double g) {
    return g * NormalDistribution.cumulative(g);
  }

  private static double slope(double g) {
    return NormalDistribution.cumulative(g) + g * NormalDistribution.density(g);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.5",
    "-1, 0.15865525393145705",
    "1, 0.8413447460685429",
    "-2.5, 0.006209665325776132",
    "-3.5, 2.3262907903552504e-4",
    "-8, 6.220960574271785e-16"
  })
  void theReferenceKnowsTheNormalDistribution(double x, double expected) {
    assertThat(NormalDistribution.cumulative(x)).isCloseTo(expected, within(1e-12 * expected));
  }

  /** Values and slopes of gelu on the grid, as the kernel computes them for a = yGradient = 1. */
  private static final class Samples {
    final double[] gates;
    final double[] values;
    final double[] slopes;

    Samples(double[] gates, double[] values, double[] slopes) {
      this.gates = gates;
      this.values = values;
      this.slopes = slopes;
    }
  }

  private Samples samples(double[] gates) {
    int n = gates.length;
    Matrix ones = Matrix.zeros(arena, 1, n, 0);
    Matrix g = Matrix.zeros(arena, 1, n, 0);
    for (int i = 0; i < n; i++) {
      ones.set(0, i, 1);
      g.set(0, i, (float) gates[i]);
    }
    Matrix a = Matrix.zeros(arena, 1, n, 0);
    Matrix slopes = Matrix.zeros(arena, 1, n, 0);
    Matrix y = Matrix.zeros(arena, 1, n, 0);
    long one = ones.address;
    backward(one, g.address, 0, one, 0, a.address, slopes.address, 0, y.address, 1, n);
    assertThat(a.toDoubles()).isDeepEqualTo(y.toDoubles());
    Matrix forward = Matrix.zeros(arena, 1, n, 0);
    forward(one, g.address, 0, forward.address, 0, 1, n);
    assertThat(forward.toDoubles()).isDeepEqualTo(y.toDoubles());
    return new Samples(gates, y.toDoubles()[0], slopes.toDoubles()[0]);
  }

  /** {@link Curve#GELU} of rows that lie {@code stride} bytes apart. */
  private static void forward(
      long a, long g, long stride, long y, long yStride, int tokens, int width) {
    for (int t = 0; t < tokens; t++) {
      Curve.GELU.forward(a + t * stride, g + t * stride, y + t * yStride, width);
    }
  }

  private static void backward(
      long a,
      long g,
      long stride,
      long yGradient,
      long yStride,
      long aGradient,
      long gGradient,
      long gradientStride,
      long y,
      int tokens,
      int width) {
    for (int t = 0; t < tokens; t++) {
      long to = t * gradientStride;
      Curve.GELU.backward(
          a + t * stride,
          g + t * stride,
          yGradient + t * yStride,
          aGradient + to,
          gGradient + to,
          y + t * yStride,
          width);
    }
  }

  private Samples grid() {
    return samples(IntStream.range(0, GRID_POINTS).mapToDouble(i -> -8 + i * GRID).toArray());
  }

  @Test
  void phiIsRightToTwoPartsInTenMillionAndSmallOnesKeepTheirDigits() {
    Samples curve = grid();
    double worst = 0;
    double worstOfTail = 0;
    for (int i = 0; i < GRID_POINTS; i++) {
      double g = curve.gates[i];
      double error = Math.abs(curve.values[i] - gelu(g));
      if (g != 0) {
        // The last rounding, of a value up to |g|, adds 2^-24 of it.
        worst = Math.max(worst, error / Math.abs(g));
      }
      if (g < 0) {
        worstOfTail = Math.max(worstOfTail, error / -gelu(g));
      }
    }
    assertThat(worst).isLessThan(2e-7);
    assertThat(worstOfTail).isLessThan(1.6e-4);
  }

  @Test
  void slopesAreRightToEightPartsInTenMillion() {
    Samples curve = grid();
    for (int i = 0; i < GRID_POINTS; i++) {
      assertThat(Math.abs(curve.slopes[i] - slope(curve.gates[i]))).isLessThan(8e-7);
    }
  }

  @Test
  void gatesFarFromZeroPassAllOrNothing() {
    Samples curve = samples(new double[] {-1e30, -100, -9, 9, 100, 1e30, 0});
    assertThat(curve.values[0]).isCloseTo(0, within(1e15));
    assertThat(curve.values[1]).isCloseTo(0, within(1e-13));
    assertThat(curve.values[2]).isCloseTo(0, within(1e-14));
    assertThat(curve.values[3]).isEqualTo(9);
    assertThat(curve.values[4]).isEqualTo(100);
    assertThat(curve.values[5]).isEqualTo((float) 1e30);
    assertThat(curve.values[6]).isEqualTo(0);
    for (int i = 0; i < 6; i++) {
      assertThat(curve.slopes[i]).isCloseTo(i < 3 ? 0 : 1, within(1e-13));
    }
    assertThat(curve.slopes[6]).isEqualTo(0.5);
  }

  @ParameterizedTest
  @CsvSource({"0x7fc00000", "0xffc00000"})
  void aGateThatIsNoNumberShowsInTheResult(String bits) {
    float nan = Float.intBitsToFloat(Integer.parseUnsignedInt(bits.substring(2), 16));
    for (int width : new int[] {Lanes.COUNT, 1}) {
      Matrix a = Matrix.noise(arena, 1, width, 0, 1);
      Matrix g = Matrix.zeros(arena, 1, width, 0);
      g.set(0, 0, nan);
      forward(a.address, g.address, 0, g.address, 0, 1, width);
      assertThat(g.get(0, 0)).isNaN();
    }
  }

  static Stream<Arguments> shapes() {
    return IntStream.of(1, 2, 3, 5, 7, 8, 11, 15, 16, 17, 31, 32, 33, 63, 64, 65, 96, 100, 384)
        .boxed()
        .flatMap(width -> Stream.of(1, 4).map(tokens -> Arguments.of(tokens, width)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void forwardAndBackwardAgreeWithTheFormulas(int tokens, int width) {
    Matrix a = Matrix.noise(arena, tokens, width, 3, 1);
    Matrix g = Matrix.noise(arena, tokens, width, 3, 2);
    Matrix yGradient = Matrix.noise(arena, tokens, width, 1, 3);
    Matrix y = Matrix.zeros(arena, tokens, width, 1);
    Matrix again = Matrix.zeros(arena, tokens, width, 1);
    Matrix aGradient = Matrix.zeros(arena, tokens, width, 2);
    Matrix gGradient = Matrix.zeros(arena, tokens, width, 2);
    double[][] yExpected = new double[tokens][width];
    double[][] aExpected = new double[tokens][width];
    double[][] gExpected = new double[tokens][width];
    for (int t = 0; t < tokens; t++) {
      for (int i = 0; i < width; i++) {
        double gate = g.get(t, i);
        yExpected[t][i] = a.get(t, i) * gelu(gate);
        aExpected[t][i] = yGradient.get(t, i) * gelu(gate);
        gExpected[t][i] = yGradient.get(t, i) * a.get(t, i) * slope(gate);
      }
    }
    forward(a.address, g.address, a.stride, y.address, y.stride, tokens, width);
    y.assertCloseTo(yExpected, 2e-6);
    backward(a, g, yGradient, aGradient, gGradient, again);
    again.assertCloseTo(yExpected, 2e-6);
    aGradient.assertCloseTo(aExpected, 2e-6);
    gGradient.assertCloseTo(gExpected, 8e-6);

    backward(a, g, yGradient, a, g, yGradient);
    yGradient.assertCloseTo(yExpected, 2e-6);
    a.assertCloseTo(aExpected, 2e-6);
    g.assertCloseTo(gExpected, 8e-6);
  }

  private static void backward(
      Matrix a, Matrix g, Matrix yGradient, Matrix aGradient, Matrix gGradient, Matrix y) {
    backward(
        a.address,
        g.address,
        a.stride,
        yGradient.address,
        yGradient.stride,
        aGradient.address,
        gGradient.address,
        aGradient.stride,
        y.address,
        a.rows,
        a.columns);
  }

  @Test
  void theRestOfARowIsComputedAsItsVectorsAre() {
    int n = 100 * Lanes.COUNT;
    Matrix a = Matrix.noise(arena, 1, n, 0, 1);
    Matrix g = Matrix.noise(arena, 1, n, 0, 2);
    Matrix whole = Matrix.zeros(arena, 1, n, 0);
    Matrix single = Matrix.zeros(arena, 1, n, 0);
    forward(a.address, g.address, 0, whole.address, 0, 1, n);
    forward(a.address, g.address, 4, single.address, 4, n, 1);
    assertThat(single.toDoubles()).isDeepEqualTo(whole.toDoubles());
    Matrix[] wholes = new Matrix[3];
    Matrix[] singles = new Matrix[3];
    for (int i = 0; i < 3; i++) {
      wholes[i] = Matrix.zeros(arena, 1, n, 0);
      singles[i] = Matrix.zeros(arena, 1, n, 0);
    }
    gradients(a, g, 0, wholes, 1, n);
    gradients(a, g, 4, singles, n, 1);
    for (int i = 0; i < 3; i++) {
      assertThat(singles[i].toDoubles()).isDeepEqualTo(wholes[i].toDoubles());
    }
  }

  /** Gradients of a and g, and y, of numbers {@code stride} bytes apart; a is the gradient of y. */
  private static void gradients(
      Matrix a, Matrix g, long stride, Matrix[] results, int tokens, int width) {
    backward(
        a.address,
        g.address,
        stride,
        a.address,
        stride,
        results[0].address,
        results[1].address,
        stride,
        results[2].address,
        tokens,
        width);
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    Matrix a = Matrix.noise(arena, 16, 131, 0, 1);
    Matrix g = Matrix.noise(arena, 16, 131, 0, 2);
    Matrix y = Matrix.zeros(arena, 16, 131, 0);
    Matrix aGradient = Matrix.zeros(arena, 16, 131, 0);
    Matrix gGradient = Matrix.zeros(arena, 16, 131, 0);
    WarmKernel.assertAllocatesLittle(
        () -> {
          forward(a.address, g.address, a.stride, y.address, y.stride, 16, 131);
          backward(a, g, y, aGradient, gGradient, y);
        });
  }
}
