package dev.hourglass.kernels.rotary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.kernels.memory.Matrix;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.kernels.rotary.CosineRotary.Slice;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CosineRotaryTest {

  private static final double SCALE = 7.3;

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void free() {
    arena.close();
  }

  /** The angles of a grid, and the kernel's tables of them. */
  private final class Grid {
    final int d;
    final int width;
    final double[][][] byRow; // [height, heads, d/8]
    final double[][][] byColumn; // [width, heads, d/8]
    final RotaryTables tables;

    Grid(int height, int width, int heads, int d) {
      this.d = d;
      this.width = width;
      RandomStream random = RandomStream.of(height, width, heads, d);
      byRow = angles(random, height, heads);
      byColumn = angles(random, width, heads);
      tables =
          RotaryTables.of(
              height,
              width,
              heads,
              d / 8,
              table(byRow, Math::cos),
              table(byRow, Math::sin),
              table(byColumn, Math::cos),
              table(byColumn, Math::sin));
    }

    private double[][][] angles(RandomStream random, int positions, int heads) {
      double[][][] angles = new double[positions][heads][d / 8];
      for (double[][] position : angles) {
        for (double[] head : position) {
          for (int i = 0; i < head.length; i++) {
            head[i] = 10 * random.nextGaussian();
          }
        }
      }
      return angles;
    }

    private long table(double[][][] angles, DoubleUnaryOperator function) {
      long address = arena.allocate(4L * angles.length * angles[0].length * (d / 8), 4).address();
      long next = address;
      for (double[][] position : angles) {
        for (double[] head : position) {
          for (double angle : head) {
            Memory.setFloat(next, (float) function.applyAsDouble(angle));
            next += 4;
          }
        }
      }
      return address;
    }

    /** The result of one token, in double. */
    double[] rotated(double[] x, double scale, int token, int head) {
      double f = Math.sqrt(scale / (dot(x, x) + 1e-6));
      double[] y = new double[d];
      for (int i = 0; i < d; i++) {
        y[i] = f * x[i];
      }
      for (int i = 0; i < d / 4; i++) {
        double angle =
            i < d / 8 ? byRow[token / width][head][i] : byColumn[token % width][head][i - d / 8];
        double a = y[i];
        double b = y[i + d / 4];
        y[i] = a * Math.cos(angle) - b * Math.sin(angle);
        y[i + d / 4] = b * Math.cos(angle) + a * Math.sin(angle);
      }
      return y;
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Height, width, heads, head, d, first token, tokens. */
  static Stream<Arguments> slices() {
    return Stream.of(8, 16, 24, 32, 40, 48, 64, 72, 96, 128, 256)
        .flatMap(
            d ->
                Stream.of(
                    Arguments.of(1, 1, 1, 0, d, 0, 1),
                    Arguments.of(5, 3, 2, 1, d, 0, 15),
                    Arguments.of(4, 7, 3, 2, d, 5, 13),
                    Arguments.of(3, 16, 1, 0, d, 17, 9),
                    Arguments.of(6, 1, 2, 0, d, 1, 4)));
  }

  /** A slice with its rows: x with gaps, y dense. */
  private final class Case {
    final Grid grid;
    final Slice slice;
    final Matrix x;
    final Matrix y;
    final Matrix factors;

    Case(int height, int width, int heads, int head, int d, int first, int tokens) {
      grid = new Grid(height, width, heads, d);
      slice = new Slice(grid.tables, head, first, tokens, d);
      x = Matrix.noise(arena, tokens, d, 5, 1);
      y = Matrix.zeros(arena, tokens, d, 0);
      factors = Matrix.zeros(arena, 1, tokens, 0);
    }

    void forward() {
      float root = (float) Math.sqrt(SCALE);
      CosineRotary.forward(slice, root, x.address, x.stride, y.address, factors.address);
    }

    /** Finite differences of the result's product with {@code gradients}. */
    Map<String, double[]> slopes(double[][] rows, double scale, double[][] gradients) {
      double[][] ofX = new double[rows.length][grid.d];
      double ofScale = 0;
      for (int t = 0; t < rows.length; t++) {
        double[] x = rows[t].clone();
        for (int i = 0; i < x.length; i++) {
          double old = x[i];
          x[i] = old + 1e-5;
          double up = dot(gradients[t], rotated(x, scale, t));
          x[i] = old - 1e-5;
          double down = dot(gradients[t], rotated(x, scale, t));
          x[i] = old;
          ofX[t][i] = (up - down) / 2e-5;
        }
        double up = dot(gradients[t], rotated(x, scale + 1e-5, t));
        double down = dot(gradients[t], rotated(x, scale - 1e-5, t));
        ofScale += (up - down) / 2e-5;
      }
      return Map.of("x", Matrix.flat(ofX), "scale", new double[] {ofScale});
    }

    double[] rotated(double[] row, double scale, int t) {
      return grid.rotated(row, scale, slice.firstToken() + t, slice.head());
    }
  }

  @ParameterizedTest
  @MethodSource("slices")
  void forwardMakesScaledCosinesAndRotatesThem(
      int height, int width, int heads, int head, int d, int first, int tokens) {
    Case test = new Case(height, width, heads, head, d, first, tokens);
    test.forward();
    Sensitivity exact =
        Sensitivity.of(
            Rounding.FLOAT32,
            inputs -> {
              double[][] rows = test.x.through(inputs);
              double scale = inputs.of(new double[] {SCALE})[0];
              double[][] y = new double[tokens][];
              double[] factors = new double[tokens];
              for (int t = 0; t < tokens; t++) {
                y[t] = test.rotated(rows[t], scale, t);
                factors[t] = Math.sqrt(scale / (dot(rows[t], rows[t]) + 1e-6));
              }
              return Map.of("y", Matrix.flat(y), "factors", factors);
            });
    test.y.assertIs(exact, "y");
    test.factors.assertIs(exact, "factors");
  }

  @ParameterizedTest
  @MethodSource("slices")
  void backwardGivesTheGradientsOfFiniteDifferences(
      int height, int width, int heads, int head, int d, int first, int tokens) {
    Case test = new Case(height, width, heads, head, d, first, tokens);
    test.forward();
    Matrix yGradient = Matrix.noise(arena, tokens, d, 0, 2);
    Matrix xGradient = Matrix.zeros(arena, tokens, d, 3);
    double scaleGradient =
        CosineRotary.backward(
            test.slice,
            (float) SCALE,
            test.y.address,
            test.factors.address,
            yGradient.address,
            xGradient.address,
            xGradient.stride);
    Sensitivity exact =
        Sensitivity.of(
            Rounding.FLOAT32,
            inputs ->
                test.slopes(
                    test.x.through(inputs),
                    inputs.of(new double[] {SCALE})[0],
                    yGradient.through(inputs)));
    xGradient.assertIs(exact, "x");
    exact.require("scale", new double[] {scaleGradient});
  }

  @Test
  void aRowOfZerosStaysZero() {
    Case test = new Case(1, 2, 1, 0, 64, 0, 2);
    for (int i = 0; i < 64; i++) {
      test.x.set(1, i, 0);
    }
    test.forward();
    assertThat(dot(test.y.toDoubles()[1], test.y.toDoubles()[1])).isZero();
    assertThat((double) test.factors.get(0, 1)).isCloseTo(Math.sqrt(SCALE / 1e-6), within(1e-3));
  }

  @Test
  void aSliceBeyondItsTablesIsRefused() {
    RotaryTables tables = new Grid(2, 3, 2, 64).tables;
    assertThatThrownBy(() -> new Slice(tables, 0, 4, 3, 64))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new Slice(tables, 2, 0, 6, 64))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new Slice(tables, 0, 0, 6, 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64 channels");
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    for (int d : new int[] {32, 40, 64}) {
      Case test = new Case(4, 5, 1, 0, d, 2, 16);
      Matrix yGradient = Matrix.noise(arena, 16, d, 0, 2);
      Matrix xGradient = Matrix.zeros(arena, 16, d, 0);
      WarmKernel.assertAllocatesLittle(
          () -> {
            test.forward();
            CosineRotary.backward(
                test.slice,
                7,
                test.y.address,
                test.factors.address,
                yGradient.address,
                xGradient.address,
                xGradient.stride);
          });
    }
  }
}
