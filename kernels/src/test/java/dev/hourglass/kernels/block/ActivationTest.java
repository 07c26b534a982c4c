package dev.hourglass.kernels.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Matrix;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationTest {

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void free() {
    arena.close();
  }

  private static double value(Curve curve, double g) {
    return switch (curve) {
      case GELU -> g * NormalDistribution.cumulative(g);
      case SILU -> g / (1 + Math.exp(-g));
      case ELU -> g > 0 ? g : Math.expm1(g);
      case RELU -> Math.max(g, 0);
      case SQUARED_RELU -> Math.max(g, 0) * Math.max(g, 0);
    };
  }

  private static double slope(Curve curve, double g) {
    return switch (curve) {
      case GELU -> NormalDistribution.cumulative(g) + g * NormalDistribution.density(g);
      case SILU -> {
        double s = 1 / (1 + Math.exp(-g));
        yield s * (1 + g * (1 - s));
      }
      case ELU -> g > 0 ? 1 : Math.exp(g);
      case RELU -> g > 0 ? 1 : 0;
      case SQUARED_RELU -> 2 * Math.max(g, 0);
    };
  }

  private static int width(Activation activation, Matrix u) {
    return u.columns / activation.branches();
  }

  /** y and the gradient of u, row by row, in double. */
  private static Map<String, double[]> exact(Activation activation, double[][] u, double[][] dy) {
    double[][] y = new double[dy.length][dy[0].length];
    double[][] du = new double[u.length][u[0].length];
    int width = dy[0].length;
    for (int t = 0; t < u.length; t++) {
      for (int i = 0; i < width; i++) {
        double a = activation.gated() ? u[t][i] : 1;
        int gate = activation.gated() ? width + i : i;
        double f = value(activation.curve(), u[t][gate]);
        y[t][i] = a * f;
        du[t][gate] = dy[t][i] * a * slope(activation.curve(), u[t][gate]);
        if (activation.gated()) {
          du[t][i] = dy[t][i] * f;
        }
      }
    }
    return Map.of("y", Matrix.flat(y), "du", Matrix.flat(du));
  }

  private static void forward(Activation activation, Matrix u, Matrix y) {
    int width = width(activation, u);
    activation.forward(u.address, 4L * width, u.stride, y.address, y.stride, u.rows, width);
  }

  private static void backward(Activation activation, Matrix u, Matrix dy, Matrix du, Matrix y) {
    int width = width(activation, u);
    activation.backward(
        u.address,
        4L * width,
        u.stride,
        dy.address,
        dy.stride,
        du.address,
        y.address,
        u.rows,
        width);
  }

  static Stream<Activation> activations() {
    return Stream.of(Curve.values())
        .flatMap(curve -> Stream.of(true, false).map(gated -> new Activation(curve, gated)));
  }

  static Stream<Arguments> shapes() {
    return activations()
        .flatMap(
            activation ->
                Stream.of(1, 5, 16, 33, 67, 1100).map(width -> Arguments.of(activation, 3, width)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void forwardAndBackwardAgreeWithTheFormulas(Activation activation, int tokens, int width) {
    Matrix u = Matrix.noise(arena, tokens, activation.branches() * width, 3, 1);
    Matrix dy = Matrix.noise(arena, tokens, width, 1, 2);
    Matrix du = Matrix.zeros(arena, tokens, activation.branches() * width, 3);
    Matrix y = Matrix.zeros(arena, tokens, width, 1);
    Matrix again = Matrix.zeros(arena, tokens, width, 1);
    Sensitivity exact =
        Sensitivity.of(Rounding.FLOAT32, in -> exact(activation, u.through(in), dy.through(in)));
    forward(activation, u, y);
    backward(activation, u, dy, du, again);
    y.assertIs(exact, "y");
    again.assertIs(exact, "y");
    du.assertIs(exact, "du");
    backward(activation, u, dy, u, dy);
    dy.assertIs(exact, "y");
    u.assertIs(exact, "du");
  }

  @ParameterizedTest
  @EnumSource(Curve.class)
  void farFromZeroAllOrNothingPasses(Curve curve) {
    double[] far = {-1e20, -100, -9, 9, 100, 1e15};
    Matrix u = Matrix.zeros(arena, far.length, Lanes.COUNT + 1, 0);
    for (int i = 0; i < far.length; i++) {
      for (int j = 0; j <= Lanes.COUNT; j++) {
        u.set(i, j, (float) far[i]);
      }
    }
    Matrix y = Matrix.zeros(arena, far.length, Lanes.COUNT + 1, 0);
    forward(new Activation(curve, false), u, y);
    for (int i = 0; i < far.length; i++) {
      double expected = value(curve, far[i]);
      double size = Math.max(1, Math.max(Math.abs(far[i]), expected));
      assertThat((double) y.get(i, 0)).isBetween(expected - 1e-6 * size, expected + 1e-6 * size);
      assertThat(y.get(i, Lanes.COUNT)).isEqualTo(y.get(i, 0));
    }
  }

  @ParameterizedTest
  @EnumSource(Curve.class)
  void whatIsNoNumberShowsInTheResult(Curve curve) {
    for (int width : new int[] {Lanes.COUNT, 1}) {
      for (int bits : new int[] {0x7fc00000, 0xffc00000}) {
        Matrix g = Matrix.zeros(arena, 1, width, 0);
        g.set(0, 0, Float.intBitsToFloat(bits));
        forward(new Activation(curve, false), g, g);
        assertThat(g.get(0, 0)).isNaN();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Curve.class)
  void theRestOfARowIsComputedAsItsVectorsAre(Curve curve) {
    int n = 100 * Lanes.COUNT;
    Matrix u = Matrix.noise(arena, 1, n, 0, 1);
    Matrix dy = Matrix.noise(arena, 1, n, 0, 2);
    Matrix[] whole = new Matrix[2];
    Matrix[] single = new Matrix[2];
    for (int i = 0; i < 2; i++) {
      whole[i] = Matrix.zeros(arena, 1, n, 0);
      single[i] = Matrix.zeros(arena, 1, n, 0);
    }
    Activation plain = new Activation(curve, false);
    backward(plain, u, dy, whole[0], whole[1]);
    plain.backward(u.address, 0, 4, dy.address, 4, single[0].address, single[1].address, n, 1);
    for (int i = 0; i < 2; i++) {
      assertThat(single[i].toDoubles()).isDeepEqualTo(whole[i].toDoubles());
    }
    forward(plain, u, whole[0]);
    plain.forward(u.address, 0, 4, single[0].address, 4, n, 1);
    assertThat(single[0].toDoubles()).isDeepEqualTo(whole[0].toDoubles());
    assertThat(whole[0].toDoubles()).isDeepEqualTo(whole[1].toDoubles());
  }

  @Test
  void smallResultsOfEluKeepTheirDigits() {
    Matrix g = Matrix.zeros(arena, 1, 1, 0);
    g.set(0, 0, -1e-6f);
    Matrix y = Matrix.zeros(arena, 1, 1, 0);
    forward(new Activation(Curve.ELU, false), g, y);
    assertThat(y.get(0, 0) / Math.expm1(-1e-6f)).isBetween(1 - 1e-6, 1 + 1e-6);
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    activations()
        .forEach(
            activation -> {
              Matrix u = Matrix.noise(arena, 16, 131 * activation.branches(), 0, 1);
              Matrix dy = Matrix.noise(arena, 16, 131, 0, 2);
              Matrix du = Matrix.zeros(arena, 16, 131 * activation.branches(), 0);
              Matrix y = Matrix.zeros(arena, 16, 131, 0);
              WarmKernel.assertAllocatesLittle(
                  () -> {
                    forward(activation, u, y);
                    backward(activation, u, dy, du, y);
                  });
            });
  }
}
