package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.Gemm;
import dev.hourglass.kernels.product.Sums;
import dev.hourglass.kernels.product.Transpose;

/**
 * Pseudo-inverses of square matrices of no negative numbers, {@code [matrices, m, m]}, each on one
 * thread: six steps {@code Z <- Z (13 I - AZ (15 I - AZ (7 I - AZ))) / 4} from {@code Z = A^T /
 * (max row sum * max column sum)} (Xiong et al. 2021; docs/model.md, 3.11).
 */
public record PseudoInverseKernel(int matrices, int m) {

  private static final int STEPS = 6;

  /** Numbers of a matrix. */
  private int count() {
    return m * m;
  }

  /** A step's Z and what it makes of it; the inner ones are {@code 7 I - AZ} and so on. */
  private record Step(long z, long az, long inner, long middle, long outer) {}

  private Step step(Scratch scratch) {
    return new Step(
        scratch.floats(count()),
        scratch.floats(count()),
        scratch.floats(count()),
        scratch.floats(count()),
        scratch.floats(count()));
  }

  /** {@code c (+)= a b}. */
  private void multiply(boolean add, long a, long b, long c) {
    Gemm.floats(add, m, m, m, a, m, b, m, c, m);
  }

  private void transpose(long a, long target) {
    Transpose.transpose(a, 4L * m, m, m, target, 4L * m);
  }

  /** {@code x = factor * x}. */
  private void scale(long x, float factor) {
    Sums.addScaled(x, factor - 1, x, count());
  }

  /** {@code x = identity * I - x}. */
  private void takeFrom(float identity, long x) {
    scale(x, -1);
    for (int i = 0; i < m; i++) {
      long place = x + 4L * i * (m + 1);
      Memory.setFloat(place, identity + Memory.getFloat(place));
    }
  }

  /** One step from {@code s.z} to {@code next}. */
  private void advance(long a, Step s, long next) {
    multiply(false, a, s.z, s.az);
    Memory.copy(s.az, s.inner, 4L * count());
    takeFrom(7, s.inner);
    multiply(false, s.az, s.inner, s.middle);
    takeFrom(15, s.middle);
    multiply(false, s.az, s.middle, s.outer);
    takeFrom(13, s.outer);
    multiply(false, s.z, s.outer, next);
    scale(next, 0.25f);
  }

  /** Of a matrix's rows and columns, those with the largest sums. */
  private record Largest(int row, float rowSum, int column, float columnSum) {}

  private Largest largest(long a) {
    int row = 0;
    int column = 0;
    float rowSum = 0;
    float columnSum = 0;
    for (int i = 0; i < m; i++) {
      float along = 0;
      float down = 0;
      for (int j = 0; j < m; j++) {
        along += Memory.getFloat(a + 4L * (i * m + j));
        down += Memory.getFloat(a + 4L * (j * m + i));
      }
      if (along > rowSum) {
        row = i;
        rowSum = along;
      }
      if (down > columnSum) {
        column = i;
        columnSum = down;
      }
    }
    return new Largest(row, rowSum, column, columnSum);
  }

  private void start(long a, Largest largest, long z) {
    transpose(a, z);
    scale(z, 1 / (largest.rowSum * largest.columnSum));
  }

  /** The pseudo-inverses z of a. */
  public void forward(long a, long z) {
    Workers.shared()
        .run(
            matrices,
            (i, scratch) -> {
              long from = a + 4L * i * count();
              Step step = step(scratch);
              start(from, largest(from), step.z);
              for (int k = 0; k < STEPS; k++) {
                long next = z + 4L * i * count();
                advance(from, step, next);
                Memory.copy(next, step.z, 4L * count());
              }
            });
  }

  /** The gradient of a, overwritten. */
  public void backward(long a, long zGradient, long aGradient) {
    Workers.shared()
        .run(
            matrices,
            (i, scratch) -> {
              long at = 4L * i * count();
              backward(a + at, zGradient + at, aGradient + at, scratch);
            });
  }

  private void backward(long a, long zGradient, long aGradient, Scratch scratch) {
    Step[] steps = new Step[STEPS];
    for (int k = 0; k < STEPS; k++) {
      steps[k] = step(scratch);
    }
    long last = scratch.floats(count());
    Largest largest = largest(a);
    start(a, largest, steps[0].z);
    for (int k = 0; k < STEPS; k++) {
      advance(a, steps[k], k + 1 < STEPS ? steps[k + 1].z : last);
    }
    long dz = scratch.floats(count());
    Memory.copy(zGradient, dz, 4L * count());
    Memory.zero(aGradient, 4L * count());
    long aTransposed = scratch.floats(count());
    transpose(a, aTransposed);
    Rooms rooms = Rooms.of(scratch, count());
    for (int k = STEPS - 1; k >= 0; k--) {
      stepBack(steps[k], aTransposed, dz, aGradient, rooms);
    }
    startBack(a, largest, dz, aGradient, rooms);
  }

  /** Working memory of a step back, a matrix each. */
  private record Rooms(long transposed, long product, long dOuter, long dAz, long dNext) {
    static Rooms of(Scratch scratch, int count) {
      return new Rooms(
          scratch.floats(count),
          scratch.floats(count),
          scratch.floats(count),
          scratch.floats(count),
          scratch.floats(count));
    }
  }

  /** {@code target = factor * a^T b}. */
  private void leftTransposed(float factor, long a, long b, long target, Rooms rooms) {
    transpose(a, rooms.transposed);
    multiply(false, rooms.transposed, b, target);
    scale(target, factor);
  }

  /** {@code target += factor * a b^T}. */
  private void addRightTransposed(float factor, long a, long b, long target, Rooms rooms) {
    transpose(b, rooms.transposed);
    multiply(false, a, rooms.transposed, rooms.product);
    Sums.addScaled(target, factor, rooms.product, count());
  }

  /** The gradient of a step's Z in place of that of its result, and its share of A's. */
  private void stepBack(Step s, long aTransposed, long dz, long aGradient, Rooms rooms) {
    leftTransposed(0.25f, s.z, dz, rooms.dOuter, rooms); // of 13 I - AZ middle
    Memory.zero(rooms.dAz, 4L * count());
    addRightTransposed(-1, rooms.dOuter, s.middle, rooms.dAz, rooms);
    leftTransposed(-1, s.az, rooms.dOuter, rooms.dNext, rooms); // of 15 I - AZ inner
    addRightTransposed(-1, rooms.dNext, s.inner, rooms.dAz, rooms);
    leftTransposed(-1, s.az, rooms.dNext, rooms.dOuter, rooms); // of 7 I - AZ
    Sums.addScaled(rooms.dAz, -1, rooms.dOuter, count());
    addRightTransposed(1, rooms.dAz, s.z, aGradient, rooms);
    Memory.zero(rooms.dNext, 4L * count());
    addRightTransposed(0.25f, dz, s.outer, rooms.dNext, rooms);
    multiply(true, aTransposed, rooms.dAz, rooms.dNext);
    Memory.copy(rooms.dNext, dz, 4L * count());
  }

  /** From the gradient of the first Z, {@code A^T / (row sum * column sum)}. */
  private void startBack(long a, Largest largest, long dz, long aGradient, Rooms rooms) {
    float product = largest.rowSum * largest.columnSum;
    transpose(dz, rooms.transposed);
    Sums.addScaled(aGradient, 1 / product, rooms.transposed, count());
    float ofProduct =
        (float) (-Sums.longDot(rooms.transposed, a, count()) / ((double) product * product));
    for (int i = 0; i < m; i++) {
      add(aGradient + 4L * (largest.row * m + i), ofProduct * largest.columnSum);
      add(aGradient + 4L * (i * m + largest.column), ofProduct * largest.rowSum);
    }
  }

  private static void add(long place, float value) {
    Memory.setFloat(place, Memory.getFloat(place) + value);
  }
}
