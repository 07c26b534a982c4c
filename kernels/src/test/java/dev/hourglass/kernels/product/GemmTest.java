package dev.hourglass.kernels.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.kernels.memory.Matrix;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GemmTest {

  /** Rows and columns of C, and the numbers summed for each element. */
  static Stream<Arguments> sizes() {
    int[][] sizes = {
      {1, 1, 2},
      {1, 7, 4},
      {2, 3, 8},
      {5, 1, 6},
      {3, 16, 32},
      {16, 16, 16},
      {16, 32, 64},
      {17, 33, 66},
      {31, 5, 30},
      {48, 100, 24},
      {64, 64, 64},
      {64, 65, 2},
      {7, 200, 130},
      {100, 3, 512},
      {33, 48, 62},
      {128, 40, 96},
      {9, 130, 10},
      {128, 128, 128},
      {50, 257, 18},
      {127, 63, 254}
    };
    return Stream.of(sizes)
        .flatMap(
            s ->
                Stream.of(
                    Arguments.of(s[0], s[1], s[2], false), Arguments.of(s[0], s[1], s[2], true)));
  }

  /** {@code A B}, plus C's noise if {@code add}, in double; sums in float32 are judged by it. */
  private static Sensitivity product(double[][] a, double[][] b, Matrix c, boolean add) {
    double[][] before = c.toDoubles();
    return Sensitivity.of(
        Rounding.FLOAT32,
        inputs -> {
          double[][] left = Stream.of(a).map(inputs::of).toArray(double[][]::new);
          double[][] right = Stream.of(b).map(inputs::of).toArray(double[][]::new);
          double[][] result = new double[c.rows][c.columns];
          for (int i = 0; i < c.rows; i++) {
            if (add) {
              result[i] = inputs.of(before[i]);
            }
            for (int k = 0; k < right.length; k++) {
              for (int j = 0; j < c.columns; j++) {
                result[i][j] += left[i][k] * right[k][j];
              }
            }
          }
          return Map.of("C", Matrix.flat(result));
        });
  }

  private static int floats(Matrix matrix) {
    return (int) (matrix.stride / 4);
  }

  /** Ill-sized rows between guards, for any of the two number formats. */
  private static void checkFloats(Arena arena, int m, int n, int k, boolean add) {
    Matrix a = Matrix.noise(arena, m, k, 3, 1);
    Matrix b = Matrix.noise(arena, k, n, 5, 2);
    Matrix c = Matrix.noise(arena, m, n, 7, 3);
    Sensitivity exact = product(a.toDoubles(), b.toDoubles(), c, add);
    Gemm.floats(add, m, n, k, a.address, floats(a), b.address, floats(b), c.address, floats(c));
    c.assertIs(exact, "C");
  }

  private static double[][] rounded(Matrix matrix) {
    double[][] values = matrix.toDoubles();
    for (double[] row : values) {
      for (int j = 0; j < row.length; j++) {
        row[j] = Bfloat16.toFloat(Bfloat16.of((float) row[j]));
      }
    }
    return values;
  }

  /** A as rows of bfloat16, B as row pairs, each with room between rows. */
  private record Operands(Matrix a, int lda, long aRows, Matrix b, int ldb, long bPairs) {

    static Operands of(Arena arena, int m, int n, int k) {
      Matrix a = Matrix.noise(arena, m, k, 0, 1);
      Matrix b = Matrix.noise(arena, k, n, 0, 2);
      int lda = k + 6;
      int ldb = n + 3;
      long aRows = arena.allocate(2L * m * lda, 64).address();
      for (int i = 0; i < m; i++) {
        Bfloat16.narrow(a.address + i * a.stride, aRows + 2L * i * lda, k);
      }
      long bPairs = arena.allocate(2L * k * ldb, 64).address();
      for (int i = 0; i < k; i += 2) {
        long even = b.address + i * b.stride;
        Bfloat16.pair(even, even + b.stride, bPairs + 2L * i * ldb, n);
      }
      return new Operands(a, lda, aRows, b, ldb, bPairs);
    }
  }

  private static void checkBfloats(Arena arena, int m, int n, int k, boolean add) {
    Operands operands = Operands.of(arena, m, n, k);
    Matrix c = Matrix.noise(arena, m, n, 7, 3);
    Sensitivity exact = product(rounded(operands.a), rounded(operands.b), c, add);
    Gemm.bfloats(
        add,
        m,
        n,
        k,
        operands.aRows,
        operands.lda,
        operands.bPairs,
        operands.ldb,
        c.address,
        floats(c));
    c.assertIs(exact, "C");
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void productsOfFloatsAgreeWithDouble(int m, int n, int k, boolean add) {
    try (Arena arena = Arena.ofConfined()) {
      checkFloats(arena, m, n, k, add);
      checkFloats(arena, m, n, k + 1, add);
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void productsOfBfloatsAgreeWithDouble(int m, int n, int k, boolean add) {
    try (Arena arena = Arena.ofConfined()) {
      checkBfloats(arena, m, n, k, add);
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void theGeneralPathOfBfloatsAgreesWithDouble(int m, int n, int k, boolean add) {
    try (Arena arena = Arena.ofConfined()) {
      Operands o = Operands.of(arena, m, n, k);
      Matrix c = Matrix.noise(arena, m, n, 7, 3);
      Sensitivity exact = product(rounded(o.a), rounded(o.b), c, add);
      Bfloat16Gemm.multiply(add, m, n, k, o.aRows, o.lda, o.bPairs, o.ldb, c.address, floats(c));
      c.assertIs(exact, "C");
    }
  }

  @Test
  void productsOnSeveralThreadsAreThoseOnOne() {
    try (Arena arena = Arena.ofShared()) {
      Matrix a = Matrix.noise(arena, 64, 96, 0, 1);
      Matrix b = Matrix.noise(arena, 96, 128, 0, 2);
      Matrix[] results = new Matrix[16];
      for (int i = 0; i < results.length; i++) {
        results[i] = Matrix.zeros(arena, 64, 128, 0);
      }
      Workers.setThreads(4);
      Workers.shared()
          .run(
              results.length,
              (item, scratch) ->
                  Gemm.floats(
                      false,
                      64,
                      128,
                      96,
                      a.address,
                      96,
                      b.address,
                      128,
                      results[item].address,
                      128));
      Workers.setThreads(Runtime.getRuntime().availableProcessors());
      for (Matrix result : results) {
        assertThat(result.toDoubles()).isDeepEqualTo(results[0].toDoubles());
      }
    }
  }

  /** What the path is decided by is read once a process, so the general one needs another. */
  @Test
  @Timeout(120)
  void theGeneralPathAgreesWithDoubleToo() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--add-modules=jdk.incubator.vector");
    command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    command.add("-Dhourglass.kernels.path=general");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(GeneralPath.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("OpenBLAS, float32: all agree");
  }

  /** Checks all sizes in a process of its own. */
  static final class GeneralPath {

    private GeneralPath() {}

    public static void main(String[] args) {
      try (Arena arena = Arena.ofConfined()) {
        sizes()
            .map(Arguments::get)
            .forEach(
                size -> {
                  int m = (int) size[0];
                  int n = (int) size[1];
                  int k = (int) size[2];
                  checkFloats(arena, m, n, k, (boolean) size[3]);
                  checkBfloats(arena, m, n, k, (boolean) size[3]);
                });
      }
      System.out.println(Gemm.description() + ": all agree");
    }
  }
}
