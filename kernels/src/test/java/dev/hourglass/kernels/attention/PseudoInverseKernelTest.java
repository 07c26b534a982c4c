package dev.hourglass.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.kernels.memory.Matrix;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import dev.hourglass.kernels.parallel.Workers;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PseudoInverseKernelTest {

  private final Arena arena = Arena.ofShared();

  @AfterEach
  void free() {
    Workers.setThreads(Runtime.getRuntime().availableProcessors());
    arena.close();
  }

  /** Rows of probabilities, most of each on the diagonal. */
  private Matrix probabilities(int m) {
    Matrix a = Matrix.zeros(arena, m, m, 0);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        a.set(i, j, 0.2f / m + (i == j ? 0.8f : 0));
      }
    }
    return a;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 16, 25, 64})
  void sixStepsInvertAMatrixThatIsFarFromSingular(int m) {
    Matrix a = probabilities(m);
    Matrix z = Matrix.zeros(arena, m, m, 0);
    new PseudoInverseKernel(1, m).forward(a.address, z.address);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        double product = 0;
        for (int k = 0; k < m; k++) {
          product += (double) a.get(i, k) * z.get(k, j);
        }
        assertThat(Math.abs(product - (i == j ? 1 : 0))).isLessThan(1e-5);
      }
    }
  }

  @WarmTest
  void warmPseudoInversesAndMeansAllocateNextToNothing() {
    Workers.setThreads(1);
    int m = 12;
    Matrix a = probabilities(m);
    Matrix z = Matrix.zeros(arena, m, m, 0);
    Matrix gradient = Matrix.zeros(arena, m, m, 0);
    PseudoInverseKernel inverse = new PseudoInverseKernel(1, m);
    Matrix tokens = Matrix.noise(arena, 2 * 6 * 8, 24, 0, 1);
    Matrix means = Matrix.zeros(arena, 2 * 3 * 2, 24, 0);
    BlockMeansKernel mean = new BlockMeansKernel(2, 6, 8, 24, 3, 2);
    WarmKernel.assertAllocatesLittle(
        5000,
        () -> {
          inverse.forward(a.address, z.address);
          inverse.backward(a.address, z.address, gradient.address);
          mean.forward(tokens.address, means.address);
          mean.addBackward(means.address, tokens.address);
        });
  }
}
