package dev.hourglass.kernels.norm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.kernels.memory.Matrix;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NormScalesKernelTest {

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void free() {
    arena.close();
  }

  /** Conditionings, their channels, and the norms' widths: more than a work item's rows too. */
  static Stream<Arguments> shapes() {
    return Stream.of(
        Arguments.of(1, 1, new int[] {1}),
        Arguments.of(2, 8, new int[] {5, 3}),
        Arguments.of(3, 17, new int[] {64, 1, 31}),
        Arguments.of(1, 256, new int[] {128, 256, 512}),
        Arguments.of(16, 40, new int[] {257, 300, 7}));
  }

  private Matrix noise(int rows, int columns, long seed) {
    return Matrix.noise(arena, rows, columns, 0, seed);
  }

  private Matrix[] matrices(int[] widths, boolean weights, int columnsOrRows, long seed) {
    return IntStream.range(0, widths.length)
        .mapToObj(
            i ->
                weights
                    ? noise(widths[i], columnsOrRows, seed + i)
                    : noise(columnsOrRows, widths[i], seed + i))
        .toArray(Matrix[]::new);
  }

  private static long[] addresses(Matrix... matrices) {
    return Stream.of(matrices).mapToLong(matrix -> matrix.address).toArray();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void eachScaleIsOnePlusTheProductWithItsWeight(int conditionings, int in, int[] widths) {
    Matrix cond = noise(conditionings, in, 1);
    Matrix[] weights = matrices(widths, true, in, 10);
    Matrix[] scales = matrices(widths, false, conditionings, 20);
    new NormScalesKernel(conditionings, in, widths)
        .forward(cond.address, addresses(weights), addresses(scales));
    for (int norm = 0; norm < widths.length; norm++) {
      Matrix weight = weights[norm];
      Sensitivity exact =
          Sensitivity.of(
              Rounding.FLOAT32,
              inputs -> Map.of("scales", scales(cond.through(inputs), weight.through(inputs))));
      scales[norm].assertIs(exact, "scales");
    }
  }

  private static double[] scales(double[][] cond, double[][] weight) {
    double[][] scales = new double[cond.length][weight.length];
    for (int m = 0; m < cond.length; m++) {
      for (int row = 0; row < weight.length; row++) {
        scales[m][row] = 1;
        for (int k = 0; k < weight[row].length; k++) {
          scales[m][row] += weight[row][k] * cond[m][k];
        }
      }
    }
    return Matrix.flat(scales);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void gradientsOfTheWeightsAndOfWhatTheyShare(int conditionings, int in, int[] widths) {
    Matrix cond = noise(conditionings, in, 1);
    Matrix[] weights = matrices(widths, true, in, 10);
    Matrix[] gradients = matrices(widths, false, conditionings, 20);
    long[] arrived = addresses(gradients);
    arrived[0] = widths.length > 1 ? 0 : arrived[0]; // As if the first norm led nowhere.
    Matrix condGradient = noise(conditionings, in, 2);
    Matrix[] weightGradients = matrices(widths, true, in, 30);
    NormScalesKernel kernel = new NormScalesKernel(conditionings, in, widths);
    kernel.backward(
        cond.address,
        addresses(weights),
        arrived,
        arena.allocate(kernel.workBytes(), 64).address(),
        condGradient.address,
        addresses(weightGradients));
    Sensitivity exact =
        Sensitivity.of(
            Rounding.FLOAT32, inputs -> gradients(cond, weights, gradients, arrived, inputs));
    for (int norm = 0; norm < widths.length; norm++) {
      weightGradients[norm].assertIs(exact, "weight " + norm);
    }
    condGradient.assertIs(exact, "cond");
  }

  private static Map<String, double[]> gradients(
      Matrix cond,
      Matrix[] weights,
      Matrix[] gradients,
      long[] arrived,
      Sensitivity.Inputs inputs) {
    Map<String, double[]> results = new HashMap<>();
    double[][] c = cond.through(inputs);
    double[][] ofCond = new double[cond.rows][cond.columns];
    for (int norm = 0; norm < weights.length; norm++) {
      double[][] w = weights[norm].through(inputs);
      double[][] g = gradients[norm].through(inputs);
      double[][] ofWeight = new double[w.length][cond.columns];
      for (int m = 0; m < cond.rows && arrived[norm] != 0; m++) {
        for (int row = 0; row < w.length; row++) {
          for (int k = 0; k < cond.columns; k++) {
            ofWeight[row][k] += g[m][row] * c[m][k];
            ofCond[m][k] += g[m][row] * w[row][k];
          }
        }
      }
      results.put("weight " + norm, Matrix.flat(ofWeight));
    }
    results.put("cond", Matrix.flat(ofCond));
    return results;
  }

  @Test
  void resultsDoNotDependOnTheNumberOfThreads() {
    int[] widths = {300, 40};
    Matrix cond = noise(2, 33, 1);
    Matrix[] weights = matrices(widths, true, 33, 10);
    Matrix[] gradients = matrices(widths, false, 2, 20);
    Matrix[] weightGradients = matrices(widths, true, 33, 30);
    NormScalesKernel kernel = new NormScalesKernel(2, 33, widths);
    long work = arena.allocate(kernel.workBytes(), 64).address();
    double[][][] results = new double[2][][];
    int before = Workers.shared().count();
    try {
      for (int threads = 1; threads <= 2; threads++) {
        Workers.setThreads(threads);
        Matrix condGradient = noise(2, 33, 2);
        kernel.backward(
            cond.address,
            addresses(weights),
            addresses(gradients),
            work,
            condGradient.address,
            addresses(weightGradients));
        results[threads - 1] = condGradient.toDoubles();
      }
    } finally {
      Workers.setThreads(before);
    }
    assertThat(results[1]).isDeepEqualTo(results[0]);
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    int[] widths = {40, 24};
    Matrix cond = noise(2, 35, 1);
    long[] weights = addresses(matrices(widths, true, 35, 10));
    long[] scales = addresses(matrices(widths, false, 2, 20));
    long[] weightGradients = addresses(matrices(widths, true, 35, 30));
    NormScalesKernel kernel = new NormScalesKernel(2, 35, widths);
    long work = arena.allocate(kernel.workBytes(), 64).address();
    long condGradient = noise(2, 35, 2).address;
    WarmKernel.assertAllocatesLittle(
        () -> {
          kernel.forward(cond.address, weights, scales);
          kernel.backward(cond.address, weights, scales, work, condGradient, weightGradients);
        });
  }
}
