package dev.hourglass.kernels.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.kernels.memory.Matrix;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RmsNormTest {

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void free() {
    arena.close();
  }

  static Stream<Arguments> shapes() {
    return IntStream.of(1, 2, 3, 5, 7, 8, 12, 15, 16, 17, 31, 33, 48, 63, 64, 65, 96, 100, 128, 513)
        .boxed()
        .flatMap(width -> Stream.of(1, 2, 5).map(tokens -> Arguments.of(tokens, width)));
  }

  private static double inverseRms(double[] x) {
    return 1 / Math.sqrt(dot(x, x) / x.length + 1e-6);
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  /** y of one row, in double. */
  private static double[] norm(double[] x, double[] scale) {
    double r = inverseRms(x);
    return IntStream.range(0, x.length).mapToDouble(i -> x[i] * r * scale[i]).toArray();
  }

  private static double[][] norms(double[][] x, double[] scale) {
    return Stream.of(x).map(row -> norm(row, scale)).toArray(double[][]::new);
  }

  private Matrix noise(int rows, int columns, long seed) {
    return Matrix.noise(arena, rows, columns, 0, seed);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void forwardDividesByTheRootMeanSquareAndScales(int tokens, int width) {
    Matrix x = noise(tokens, width, 1);
    Matrix scale = noise(1, width, 2);
    Matrix y = Matrix.zeros(arena, tokens, width, 0);
    Sensitivity exact =
        Sensitivity.of(
            Rounding.FLOAT32,
            in -> Map.of("y", Matrix.flat(norms(x.through(in), scale.through(in)[0]))));
    RmsNorm.forward(x.address, scale.address, y.address, tokens, width);
    y.assertIs(exact, "y");
    RmsNorm.forward(x.address, scale.address, x.address, tokens, width);
    x.assertIs(exact, "y");
  }

  @Test
  void aRowOfZerosStaysZeroAndTinyRowsAreBoundedByEpsilon() {
    Matrix x = Matrix.zeros(arena, 2, 80, 0);
    IntStream.range(0, 80).forEach(i -> x.set(1, i, 1e-12f));
    Matrix scale = noise(1, 80, 1);
    Matrix y = Matrix.zeros(arena, 2, 80, 0);
    RmsNorm.forward(x.address, scale.address, y.address, 2, 80);
    y.assertCloseTo(norms(x.toDoubles(), scale.toDoubles()[0]), 1e-12);
  }

  @Test
  void noTokensNeedNoMemory() {
    RmsNorm.forward(0, 0, 0, 0, 64);
    RmsNorm.backward(0, 0, 0, 0, 0, 0, 0, 64);
  }

  /** Gradients of x by the formula, in double. */
  private static double[] xGradient(double[] x, double[] scale, double[] g, double[] residual) {
    int n = x.length;
    double r = inverseRms(x);
    double[] scaled = IntStream.range(0, n).mapToDouble(i -> g[i] * scale[i]).toArray();
    double mean = dot(scaled, x) / n;
    return IntStream.range(0, n)
        .mapToDouble(i -> residual[i] + r * (scaled[i] - x[i] * r * r * mean))
        .toArray();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void backwardGivesBothGradients(int tokens, int width) {
    Matrix x = noise(tokens, width, 1);
    Matrix scale = noise(1, width, 2);
    Matrix yGradient = noise(tokens, width, 3);
    Matrix residual = noise(tokens, width, 4);
    Matrix scaleGradient = noise(1, width, 5);
    Sensitivity exact =
        Sensitivity.of(
            Rounding.FLOAT32,
            in ->
                gradients(
                    x.through(in),
                    scale.through(in)[0],
                    yGradient.through(in),
                    residual.through(in),
                    scaleGradient.through(in)[0]));

    // A row of one number has a gradient of 0, or of its residual: what it could be cancels.
    double[] terms = exact.truth("terms of x");
    double uncancelled = Math.sqrt(dot(terms, terms) / terms.length);

    Matrix xGradient = Matrix.zeros(arena, tokens, width, 0);
    backward(x, scale, yGradient.address, 0, xGradient, scaleGradient);
    xGradient.assertIs(exact, "x", uncancelled);
    scaleGradient.assertIs(exact, "scale");

    backward(x, scale, yGradient.address, residual.address, xGradient, scaleGradient);
    xGradient.assertIs(exact, "x and residual", uncancelled);
    backward(x, scale, yGradient.address, residual.address, residual, scaleGradient);
    residual.assertIs(exact, "x and residual", uncancelled);
    backward(x, scale, yGradient.address, 0, yGradient, scaleGradient);
    yGradient.assertIs(exact, "x", uncancelled);
  }

  /** All gradients, in double; that of the scale is added to {@code sums}. */
  private static Map<String, double[]> gradients(
      double[][] x, double[] scale, double[][] g, double[][] residual, double[] sums) {
    double[] scaleGradient = sums.clone();
    double[][] without = new double[x.length][];
    double[][] with = new double[x.length][];
    double[][] terms = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      double[] row = x[t];
      double[] ofRow = g[t];
      without[t] = xGradient(row, scale, ofRow, new double[row.length]);
      with[t] = xGradient(row, scale, ofRow, residual[t]);
      double r = inverseRms(row);
      terms[t] = IntStream.range(0, row.length).mapToDouble(i -> r * scale[i] * ofRow[i]).toArray();
      IntStream.range(0, row.length).forEach(i -> scaleGradient[i] += ofRow[i] * row[i] * r);
    }
    return Map.of(
        "x",
        Matrix.flat(without),
        "x and residual",
        Matrix.flat(with),
        "scale",
        scaleGradient,
        "terms of x",
        Matrix.flat(terms));
  }

  private static void backward(
      Matrix x, Matrix scale, long yGradient, long residual, Matrix xGradient, Matrix sums) {
    RmsNorm.backward(
        x.address,
        scale.address,
        yGradient,
        residual,
        xGradient.address,
        sums.address,
        x.rows,
        x.columns);
  }

  @Test
  void theFormulaOfTheGradientIsThatOfFiniteDifferences() {
    int width = 37;
    double[] x = noise(1, width, 1).toDoubles()[0];
    double[] s = noise(1, width, 2).toDoubles()[0];
    double[] g = noise(1, width, 3).toDoubles()[0];
    double[] gradient = xGradient(x, s, g, new double[width]);
    for (int i = 0; i < width; i++) {
      double[] up = x.clone();
      double[] down = x.clone();
      up[i] += 1e-5;
      down[i] -= 1e-5;
      double slope = (dot(g, norm(up, s)) - dot(g, norm(down, s))) / 2e-5;
      assertThat(gradient[i]).isCloseTo(slope, within(1e-8));
    }
  }

  @Test
  void resultsRepeatBitForBitWhenCodeIsCompiled() {
    Matrix x = noise(3, 200, 1);
    Matrix scale = noise(1, 200, 2);
    Matrix y = Matrix.zeros(arena, 3, 200, 0);
    RmsNorm.forward(x.address, scale.address, y.address, 3, 200);
    double[][] first = y.toDoubles();
    for (int i = 0; i < 20_000; i++) {
      RmsNorm.forward(x.address, scale.address, y.address, 3, 200);
    }
    assertThat(y.toDoubles()).isDeepEqualTo(first);
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    int width = 131;
    Matrix x = noise(64, width, 1);
    Matrix scale = noise(1, width, 2);
    Matrix y = Matrix.zeros(arena, 64, width, 0);
    Matrix sums = Matrix.zeros(arena, 1, width, 0);
    WarmKernel.assertAllocatesLittle(
        () -> {
          RmsNorm.forward(x.address, scale.address, y.address, 64, width);
          backward(x, scale, y.address, x.address, y, sums);
        });
  }
}
