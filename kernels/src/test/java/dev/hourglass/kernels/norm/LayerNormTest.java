package dev.hourglass.kernels.norm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.kernels.memory.Matrix;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerNormTest {

  private static final int TOKENS = 3;

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void free() {
    arena.close();
  }

  private Matrix noise(int rows, int columns, long seed) {
    return Matrix.noise(arena, rows, columns, 0, seed);
  }

  private static double mean(double[] x) {
    return DoubleStream.of(x).average().orElseThrow();
  }

  private static double[] centred(double[] x) {
    double mean = mean(x);
    return DoubleStream.of(x).map(v -> v - mean).toArray();
  }

  private static double inverseDeviation(double[] centred) {
    return 1 / Math.sqrt(mean(times(centred, centred)) + 1e-6);
  }

  private static double[] times(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).toArray();
  }

  private static double[] norm(double[] x, double[] scale, double[] shift) {
    double[] c = centred(x);
    double r = inverseDeviation(c);
    return IntStream.range(0, x.length)
        .mapToDouble(i -> c[i] * r * (1 + scale[i]) + shift[i])
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 16, 31, 33, 48, 64, 100, 513})
  void forwardTakesTheMeanDividesByTheDeviationScalesAndShifts(int width) {
    Matrix x = noise(TOKENS, width, 1);
    Matrix scale = noise(1, width, 2);
    Matrix shift = noise(1, width, 3);
    Matrix y = Matrix.zeros(arena, TOKENS, width, 0);
    Sensitivity exact =
        Sensitivity.of(
            Rounding.FLOAT32,
            in -> {
              double[] s = scale.through(in)[0];
              double[] b = shift.through(in)[0];
              double[][] rows = x.through(in);
              double[][] result = new double[TOKENS][];
              for (int t = 0; t < TOKENS; t++) {
                result[t] = norm(rows[t], s, b);
              }
              return Map.of("y", Matrix.flat(result));
            });
    LayerNorm.forward(x.address, scale.address, shift.address, y.address, TOKENS, width);
    y.assertIs(exact, "y");
    LayerNorm.forward(x.address, scale.address, shift.address, x.address, TOKENS, width);
    x.assertIs(exact, "y");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7, 8, 16, 31, 33, 48, 64, 100, 513})
  void backwardGivesTheGradientsOfXAndScale(int width) {
    Matrix x = noise(TOKENS, width, 1);
    Matrix scale = noise(1, width, 2);
    Matrix yGradient = noise(TOKENS, width, 3);
    Matrix residual = noise(TOKENS, width, 4);
    Matrix xGradient = Matrix.zeros(arena, TOKENS, width, 0);
    Matrix scaleGradient = Matrix.zeros(arena, 1, width, 0);
    Sensitivity exact =
        Sensitivity.of(
            Rounding.FLOAT32,
            in ->
                gradients(
                    x.through(in),
                    scale.through(in)[0],
                    yGradient.through(in),
                    residual.through(in)));
    LayerNorm.backward(
        x.address,
        scale.address,
        yGradient.address,
        residual.address,
        xGradient.address,
        scaleGradient.address,
        TOKENS,
        width);
    xGradient.assertIs(exact, "x", 1);
    scaleGradient.assertIs(exact, "scale", 1);
  }

  private static Map<String, double[]> gradients(
      double[][] x, double[] scale, double[][] yGradient, double[][] residual) {
    int width = scale.length;
    double[][] dx = new double[TOKENS][width];
    double[] dScale = new double[width];
    for (int t = 0; t < TOKENS; t++) {
      double[] c = centred(x[t]);
      double r = inverseDeviation(c);
      double[] g = new double[width];
      for (int i = 0; i < width; i++) {
        g[i] = yGradient[t][i] * (1 + scale[i]);
        dScale[i] += yGradient[t][i] * c[i] * r;
      }
      double pull = mean(times(g, c));
      for (int i = 0; i < width; i++) {
        dx[t][i] = residual[t][i] + r * (g[i] - mean(g)) - r * r * r * c[i] * pull;
      }
    }
    return Map.of("x", Matrix.flat(dx), "scale", dScale);
  }

  @Test
  void aConstantRowIsTheShift() {
    Matrix x = Matrix.zeros(arena, 1, 40, 0);
    IntStream.range(0, 40).forEach(i -> x.set(0, i, 3));
    Matrix scale = noise(1, 40, 1);
    Matrix shift = noise(1, 40, 2);
    LayerNorm.forward(x.address, scale.address, shift.address, x.address, 1, 40);
    assertThat(x.toDoubles()).isDeepEqualTo(shift.toDoubles());
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    Matrix x = noise(16, 131, 1);
    Matrix scale = noise(1, 131, 2);
    Matrix y = noise(16, 131, 3);
    Matrix sum = noise(1, 131, 4);
    WarmKernel.assertAllocatesLittle(
        () -> {
          LayerNorm.forward(x.address, scale.address, sum.address, y.address, 16, 131);
          LayerNorm.backward(
              x.address, scale.address, y.address, 0, y.address, sum.address, 16, 131);
        });
  }
}
