package dev.hourglass.kernels.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.testing.Sensitivity;
import java.lang.foreign.Arena;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A float32 matrix in memory for tests: rows apart, at an odd address, with guards around every row
 * that no kernel may touch.
 */
public final class Matrix {

  private static final float GUARD = 12345;

  public final int rows;
  public final int columns;
  public final long address;

  /** Bytes from one row to the next. */
  public final long stride;

  private Matrix(Arena arena, int rows, int columns, int gap) {
    this.rows = rows;
    this.columns = columns;
    this.stride = 4L * (columns + gap);
    this.address = arena.allocate(rows * stride + 8, 64).address() + 4;
    for (long i = -1; i <= rows * stride / 4; i++) {
      Memory.setFloat(address + 4 * i, GUARD);
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        set(i, j, 0);
      }
    }
  }

  /** Rows {@code gap} floats apart. */
  public static Matrix zeros(Arena arena, int rows, int columns, int gap) {
    return new Matrix(arena, rows, columns, gap);
  }

  /** Standard normal numbers. */
  public static Matrix noise(Arena arena, int rows, int columns, int gap, long seed) {
    Matrix matrix = new Matrix(arena, rows, columns, gap);
    RandomStream random = RandomStream.of(seed, rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.set(i, j, (float) random.nextGaussian());
      }
    }
    return matrix;
  }

  public float get(int row, int column) {
    return Memory.getFloat(address + row * stride + 4L * column);
  }

  public void set(int row, int column, float value) {
    Memory.setFloat(address + row * stride + 4L * column, value);
  }

  public double[][] toDoubles() {
    double[][] values = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        values[i][j] = get(i, j);
      }
    }
    return values;
  }

  /** Every element within {@code tolerance * max(1, |expected|)}, and every guard as it was. */
  public void assertCloseTo(double[][] expected, double tolerance) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double error = Math.abs(get(i, j) - expected[i][j]);
        if (!(error <= tolerance * Math.max(1, Math.abs(expected[i][j])))) {
          throw new AssertionError(
              "[%d, %d] of %d x %d: %s, not %s"
                  .formatted(i, j, rows, columns, get(i, j), expected[i][j]));
        }
      }
    }
    assertGuardsIntact();
  }

  /** Every element as good as float32 allows, and every guard as it was. */
  public void assertIs(Sensitivity sensitivity, String name) {
    assertIs(sensitivity, name, 0);
  }

  /** The same where terms of that size may cancel to nothing. */
  public void assertIs(Sensitivity sensitivity, String name, double uncancelled) {
    double[] allowance = sensitivity.allowance(name, uncancelled);
    assertThat(Sensitivity.ratio(flat(toDoubles()), sensitivity.truth(name), allowance))
        .as("%s of %d x %d, error / allowed", name, rows, columns)
        .isLessThan(1);
    assertGuardsIntact();
  }

  /** The elements row by row. */
  public static double[] flat(double[][] values) {
    return Stream.of(values).flatMapToDouble(DoubleStream::of).toArray();
  }

  /** The elements, taken through {@code inputs}. */
  public double[][] through(Sensitivity.Inputs inputs) {
    return Stream.of(toDoubles()).map(inputs::of).toArray(double[][]::new);
  }

  private void assertGuardsIntact() {
    assertThat(Memory.getFloat(address - 4)).isEqualTo(GUARD);
    assertThat(Memory.getFloat(address + rows * stride)).isEqualTo(GUARD);
    for (int i = 0; i < rows; i++) {
      for (long at = 4L * columns; at < stride; at += 4) {
        assertThat(Memory.getFloat(address + i * stride + at)).isEqualTo(GUARD);
      }
    }
  }
}
