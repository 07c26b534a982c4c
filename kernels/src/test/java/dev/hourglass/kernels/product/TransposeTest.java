package dev.hourglass.kernels.product;

import dev.hourglass.kernels.memory.Matrix;
import dev.hourglass.kernels.memory.WarmKernel;
import dev.hourglass.kernels.memory.WarmTest;
import java.lang.foreign.Arena;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TransposeTest {

  @Property(tries = 300)
  void anySizeWithAnyStridesIsTransposed(
      @ForAll @IntRange(min = 1, max = 70) int rows,
      @ForAll @IntRange(min = 1, max = 70) int columns,
      @ForAll @IntRange(max = 20) int gap,
      @ForAll @IntRange(max = 20) int targetGap) {
    try (Arena arena = Arena.ofConfined()) {
      Matrix source = Matrix.noise(arena, rows, columns, gap, 1);
      Matrix target = Matrix.zeros(arena, columns, rows, targetGap);
      Transpose.transpose(
          source.address, source.stride, rows, columns, target.address, target.stride);
      double[][] expected = new double[columns][rows];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          expected[j][i] = source.get(i, j);
        }
      }
      target.assertCloseTo(expected, 0);
    }
  }

  @WarmTest
  void aWarmKernelAllocatesNextToNothing() {
    try (Arena arena = Arena.ofConfined()) {
      Matrix source = Matrix.noise(arena, 67, 64, 0, 1);
      Matrix target = Matrix.zeros(arena, 64, 67, 0);
      WarmKernel.assertAllocatesLittle(
          () ->
              Transpose.transpose(
                  source.address, source.stride, 67, 64, target.address, target.stride));
    }
  }
}
