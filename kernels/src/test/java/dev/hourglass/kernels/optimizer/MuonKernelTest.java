package dev.hourglass.kernels.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.kernels.optimizer.MuonKernel.Matrix;
import dev.hourglass.kernels.optimizer.MuonKernel.Step;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MuonKernelTest {

  private static final int STEPS = 3;

  private final Arena arena = Arena.ofShared();

  @AfterEach
  void free() {
    arena.close();
    Workers.setThreads(Runtime.getRuntime().availableProcessors());
  }

  private static Step step(double averageDecay) {
    return new Step(0.02, 0.1, 0.7, 0.95, 5, List.of(averageDecay));
  }

  private static double[] noise(int count, long... key) {
    RandomStream random = RandomStream.of(1, key);
    return IntStream.range(0, count).mapToDouble(i -> (float) random.nextGaussian()).toArray();
  }

  private long inMemory(double[] values) {
    long address = arena.allocate(4L * values.length, 4).address();
    for (int i = 0; i < values.length; i++) {
      Memory.setFloat(address + 4L * i, (float) values[i]);
    }
    return address;
  }

  private static double[] fromMemory(long address, int count) {
    return IntStream.range(0, count).mapToDouble(i -> Memory.getFloat(address + 4L * i)).toArray();
  }

  private Matrix matrix(int rows, int columns, boolean withGradient) {
    int count = rows * columns;
    return new Matrix(
        rows,
        columns,
        inMemory(noise(count, rows, columns, 0)),
        withGradient ? inMemory(noise(count, rows, columns, 1)) : 0,
        inMemory(new double[count]),
        List.of(inMemory(noise(count, rows, columns, 2))));
  }

  private static Map<String, double[]> results(Matrix m) {
    int count = m.rows() * m.columns();
    Map<String, double[]> results = new LinkedHashMap<>();
    results.put("weight", fromMemory(m.weight(), count));
    results.put("momentum", fromMemory(m.momentum(), count));
    results.put("average", fromMemory(m.averages().getFirst(), count));
    return results;
  }

  /** The equations written out, in double. */
  private static Map<String, double[]> equations(
      int rows, int columns, Step step, Sensitivity.Inputs inputs) {
    int count = rows * columns;
    double[] w = inputs.of(noise(count, rows, columns, 0));
    double[] m = new double[count];
    double[] average = inputs.of(noise(count, rows, columns, 2));
    for (int number = 0; number < STEPS; number++) {
      double[] g = inputs.of(noise(count, rows, columns, 1));
      double[] u = new double[count];
      double square = 0;
      for (int i = 0; i < count; i++) {
        g[i] *= step.gradientScale();
        m[i] += (1 - step.momentum()) * (g[i] - m[i]);
        u[i] = g[i] + step.momentum() * (m[i] - g[i]);
        square += u[i] * u[i];
      }
      for (int i = 0; i < count; i++) {
        u[i] /= Math.max(Math.sqrt(square), 1e-7);
      }
      for (int k = 0; k < step.iterations(); k++) {
        u = iterated(u, rows, columns);
      }
      double size = 0.2 * step.rate() * Math.sqrt(Math.max(rows, columns));
      for (int i = 0; i < count; i++) {
        w[i] = (1 - step.rate() * step.decay()) * w[i] - size * u[i];
        average[i] += (1 - step.averageDecays().getFirst()) * (w[i] - average[i]);
      }
    }
    return Map.of("weight", w, "momentum", m, "average", average);
  }

  /** {@code a X + b X X^T X + c X X^T X X^T X}, without regard to which side is small. */
  private static double[] iterated(double[] x, int rows, int columns) {
    double[] transposed = new double[x.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        transposed[j * rows + i] = x[i * columns + j];
      }
    }
    double[] gram = product(x, transposed, rows, columns, rows);
    double[] third = product(gram, x, rows, rows, columns);
    double[] fifth = product(gram, third, rows, rows, columns);
    double[] result = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      result[i] = 3.4445 * x[i] - 4.7750 * third[i] + 2.0315 * fifth[i];
    }
    return result;
  }

  private static double[] product(double[] a, double[] b, int m, int k, int n) {
    double[] c = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int l = 0; l < k; l++) {
        for (int j = 0; j < n; j++) {
          c[i * n + j] += a[i * k + l] * b[l * n + j];
        }
      }
    }
    return c;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1, 7",
    "9, 1",
    "5, 3",
    "3, 5",
    "16, 16",
    "17, 40",
    "64, 64",
    "65, 64",
    "64, 129",
    "130, 65",
    "71, 600",
    "550, 70",
    "128, 192"
  })
  void severalStepsOfAnyShapeFollowTheEquations(int rows, int columns) {
    Step step = step(0.75);
    Sensitivity sensitivity =
        Sensitivity.of(Rounding.FLOAT32, 3, inputs -> equations(rows, columns, step, inputs));
    Matrix matrix = matrix(rows, columns, true);
    for (int number = 0; number < STEPS; number++) {
      MuonKernel.update(List.of(matrix), step);
    }
    results(matrix).forEach(sensitivity::require);
  }

  @Test
  void matricesDoNotDependOnTheirNeighboursNorOnTheThreads() {
    int[][] shapes = {{40, 30}, {200, 100}, {16, 300}, {128, 128}, {7, 7}};
    List<Matrix> together =
        IntStream.range(0, shapes.length)
            .mapToObj(i -> matrix(shapes[i][0], shapes[i][1], i != 1))
            .toList();
    MuonKernel.update(together, step(0.5));
    for (int threads : new int[] {1, 3}) {
      Workers.setThreads(threads);
      for (int i = 0; i < shapes.length; i++) {
        Matrix alone = matrix(shapes[i][0], shapes[i][1], i != 1);
        MuonKernel.update(List.of(alone), step(0.5));
        Map<String, double[]> expected = results(alone);
        results(together.get(i))
            .forEach((name, values) -> assertThat(values).isEqualTo(expected.get(name)));
      }
    }
  }

  @Test
  void withoutAGradientTheAverageAloneMoves() {
    Matrix matrix = matrix(9, 13, false);
    Map<String, double[]> before = results(matrix);
    MuonKernel.update(List.of(matrix), step(0));
    Map<String, double[]> after = results(matrix);
    assertThat(after.get("weight")).isEqualTo(before.get("weight"));
    assertThat(after.get("momentum")).isEqualTo(before.get("momentum"));
    assertThat(after.get("average"))
        .isEqualTo(before.get("weight"))
        .isNotEqualTo(before.get("average"));
  }

  @Test
  void aGradientOfZeroLeavesTheDecay() {
    double[] w = noise(35, 1);
    long weight = inMemory(w);
    Matrix zero =
        new Matrix(
            5,
            7,
            weight,
            inMemory(new double[35]),
            inMemory(new double[35]),
            List.of(inMemory(new double[35])));
    MuonKernel.update(List.of(zero), step(0));
    float kept = (float) (1 - 0.02 * 0.1);
    for (int i = 0; i < w.length; i++) {
      assertThat(Memory.getFloat(weight + 4L * i)).isEqualTo(kept * (float) w[i]);
    }
  }

  /** The five steps take singular values of a thousandth of the norm into a band about 1. */
  @Test
  void theIterationMakesRowsNearlyOrthogonal() {
    int rows = 48;
    int columns = 96;
    double[] noise = noise(rows * columns, 5);
    long u = inMemory(noise);
    Workers.shared().run(1, (item, scratch) -> NewtonSchulz.run(rows, columns, u, 5, scratch));
    double[] x = fromMemory(u, rows * columns);
    for (int i = 0; i < rows; i++) {
      double square = 0;
      for (int j = 0; j < columns; j++) {
        square += x[i * columns + j] * x[i * columns + j];
      }
      assertThat(square).isBetween(0.4, 1.5);
    }
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    Workers.setThreads(1);
    List<Matrix> matrices = List.of(matrix(100, 301, true), matrix(301, 100, false));
    for (int i = 0; i < 3000; i++) {
      MuonKernel.update(matrices, step(0.9));
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10; i++) {
      MuonKernel.update(matrices, step(0.9));
    }
    // Boxed vectors would be 64 bytes for every 16 of these 600 thousand elements, many times.
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(200_000);
  }
}
