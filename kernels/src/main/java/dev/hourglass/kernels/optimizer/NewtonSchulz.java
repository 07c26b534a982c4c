package dev.hourglass.kernels.optimizer;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.product.Gemm;
import dev.hourglass.kernels.product.Sums;
import dev.hourglass.kernels.product.Transpose;
import jdk.incubator.vector.FloatVector;

/**
 * Takes a matrix near the orthogonal one closest to it: {@code X = (a I + b A + c A^2) X} with
 * {@code A = X X^T}, from {@code X = u / |u|} (Jordan et al. 2024). A float32 iteration on one
 * thread; its result depends on nothing but u.
 *
 * <p>A and its square are symmetric: products compute the blocks on and below the diagonal.
 */
public final class NewtonSchulz {

  /** The coefficients: {@code a x + b x^3 + c x^5} takes singular values in (0, 1] near 1. */
  public static final double A = 3.4445;

  public static final double B = -4.7750;
  public static final double C = 2.0315;

  /** Smaller matrices are divided by this instead of their norm. */
  public static final double LEAST_NORM = 1e-7;

  /** Columns of the right side of a product, which is dense: {@code [depth, PANEL]}. */
  private static final int PANEL = 64;

  /** Summed length of one product: what it reads again and again stays in the cache. */
  private static final int DEPTH = 512;

  private final int rows;
  private final int columns;
  private final long x;
  private final long a;
  private final long polynomial;
  private final long panel;

  /** The iteration of x, {@code [rows, columns]}, no more rows than columns; in place. */
  private NewtonSchulz(int rows, int columns, long x, Scratch scratch) {
    this.rows = rows;
    this.columns = columns;
    this.x = x;
    a = scratch.floats((long) rows * rows);
    polynomial = scratch.floats((long) rows * rows);
    panel = scratch.floats((long) PANEL * columns);
  }

  /**
   * Makes a matrix nearly orthogonal.
   *
   * @param u {@code [rows, columns]}, dense; overwritten with the result
   */
  public static void run(int rows, int columns, long u, int steps, Scratch scratch) {
    long count = (long) rows * columns;
    double norm = Math.sqrt(Sums.longDot(u, u, count));
    multiply(u, (float) (1 / Math.max(norm, LEAST_NORM)), count);
    if (rows <= columns) {
      new NewtonSchulz(rows, columns, u, scratch).iterate(steps);
    } else {
      long x = scratch.floats(count);
      Transpose.transpose(u, 4L * columns, rows, columns, x, 4L * rows);
      new NewtonSchulz(columns, rows, x, scratch).iterate(steps);
      Transpose.transpose(x, 4L * rows, columns, rows, u, 4L * columns);
    }
  }

  private void iterate(int steps) {
    for (int step = 0; step < steps; step++) {
      gram();
      square();
      combine();
      apply();
    }
  }

  /** {@code a = x x^T}. */
  private void gram() {
    for (int j = 0; j < rows; j += PANEL) {
      int width = Math.min(PANEL, rows - j);
      Transpose.transpose(x + 4L * j * columns, 4L * columns, width, columns, panel, 4L * width);
      multiply(rows - j, width, columns, x + 4L * j * columns, at(a, j), rows);
      mirror(a, j, width);
    }
  }

  /** {@code polynomial = a a}. */
  private void square() {
    for (int j = 0; j < rows; j += PANEL) {
      int width = Math.min(PANEL, rows - j);
      copyPanel(a + 4L * j, rows, width);
      multiply(rows - j, width, rows, a + 4L * j * rows, at(polynomial, j), rows);
      mirror(polynomial, j, width);
    }
  }

  /** {@code polynomial = A I + B a + C polynomial}. */
  private void combine() {
    long count = (long) rows * rows;
    multiply(polynomial, (float) C, count);
    for (int i = 0; i < rows; i++) {
      Sums.addScaled(polynomial + 4L * i * rows, (float) B, a + 4L * i * rows, rows);
      Memory.setFloat(at(polynomial, i), (float) A + Memory.getFloat(at(polynomial, i)));
    }
  }

  /** {@code x = polynomial x}. */
  private void apply() {
    for (int j = 0; j < columns; j += PANEL) {
      int width = Math.min(PANEL, columns - j);
      copyPanel(x + 4L * j, columns, width);
      multiply(rows, width, rows, polynomial, x + 4L * j, columns);
    }
  }

  /** Element {@code [j, j]} of a square matrix. */
  private long at(long square, int j) {
    return square + 4L * j * (rows + 1);
  }

  /** {@code width} columns of {@code rows} rows, to the panel. */
  private void copyPanel(long source, int stride, int width) {
    for (int i = 0; i < rows; i++) {
      Memory.copy(source + 4L * i * stride, panel + 4L * i * width, 4L * width);
    }
  }

  /** {@code target [m, n] = left [m, depth] panel [depth, n]}; rows of left are dense. */
  private void multiply(int m, int n, int depth, long left, long target, int targetStride) {
    for (int k = 0; k < depth; k += DEPTH) {
      int length = Math.min(DEPTH, depth - k);
      Gemm.floats(
          k > 0, m, n, length, left + 4L * k, depth, panel + 4L * k * n, n, target, targetStride);
    }
  }

  /** Copies what stands below a diagonal block of {@code width} to its right. */
  private void mirror(long square, int j, int width) {
    int rest = rows - j - width;
    long below = at(square, j) + 4L * width * rows;
    Transpose.transpose(below, 4L * rows, rest, width, at(square, j) + 4L * width, 4L * rows);
  }

  /** {@code values *= factor}. */
  private static void multiply(long values, float factor, long count) {
    long whole = count - count % Lanes.COUNT;
    for (long i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, values + 4 * i, ORDER)
          .mul(factor)
          .intoMemorySegment(ALL, values + 4 * i, ORDER);
    }
    for (long i = whole; i < count; i++) {
      Memory.setFloat(values + 4 * i, factor * Memory.getFloat(values + 4 * i));
    }
  }
}
