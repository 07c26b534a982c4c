package dev.hourglass.kernels.rotary;

import dev.hourglass.kernels.memory.Lanes;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * What happens to the queries and keys of one head before attention (docs/model.md, 3.2 and 3.3),
 * on one thread: {@code y = R(f x)} with {@code f = sqrt(scale) / sqrt(sum(x^2) + 1e-6)}, where R
 * rotates the pairs (first quarter, second quarter) of the channels by the token's angles and
 * leaves the other half. Or f is a constant ({@link #rotate}).
 */
public final class CosineRotary {

  private static final double EPSILON = 1e-6;
  private static final long STEP = Lanes.BYTES;

  private CosineRotary() {}

  /**
   * Consecutive tokens of one image, seen by one head.
   *
   * @param firstToken its number in the image, row by row
   * @param d channels of a head, a multiple of 8
   */
  public record Slice(RotaryTables tables, int head, int firstToken, int tokens, int d) {

    public Slice {
      if (d != 4 * tables.quarter()) {
        throw new IllegalArgumentException(
            "tables for %d channels a head, not %d".formatted(4 * tables.quarter(), d));
      }
      Objects.checkIndex(head, tables.heads());
      Objects.checkFromIndexSize(firstToken, tokens, tables.tokens());
    }

    /** Tokens from number {@code done} of the slice to the end of the grid's row. */
    private int run(int done) {
      int width = tables.width();
      return Math.min(width - (firstToken + done) % width, tokens - done);
    }

    private long rowTable(int done) {
      return tables.row(head, (firstToken + done) / tables.width());
    }

    private long columnTable(int done) {
      return tables.column(head, (firstToken + done) % tables.width());
    }
  }

  /** The factor f: {@code root / sqrt(weight * sum(x^2) + epsilon)}. */
  record Factor(float root, double weight, double epsilon) {

    static Factor cosine(float rootScale) {
      return new Factor(rootScale, 1, EPSILON);
    }

    static Factor constant(float factor) {
      return new Factor(factor, 0, 1);
    }

    /** That of a row. */
    float of(float sumOfSquares) {
      return (float) (root / Math.sqrt(weight * sumOfSquares + epsilon));
    }
  }

  /**
   * Scales and rotates.
   *
   * @param rootScale {@code sqrt(scale)} of the head
   * @param x {@code [tokens, d]}, rows {@code xStride} bytes apart
   * @param y {@code [tokens, d]}, dense
   * @param factors {@code [tokens]}: receives the factors f for the backward pass
   */
  public static void forward(
      Slice slice, float rootScale, long x, long xStride, long y, long factors) {
    forward(slice, Factor.cosine(rootScale), x, xStride, y, factors);
  }

  /**
   * Multiplies by a constant and rotates; y may be x.
   *
   * @param factors {@code [tokens]}: receives the constant for {@link #rotateBack}
   */
  public static void rotate(Slice slice, float factor, long x, long xStride, long y, long factors) {
    forward(slice, Factor.constant(factor), x, xStride, y, factors);
  }

  private static void forward(
      Slice slice, Factor factor, long x, long xStride, long y, long factors) {
    long quarter = 4L * slice.tables.quarter();
    try {
      int run;
      for (int done = 0; done < slice.tokens; done += run) {
        run = slice.run(done);
        long row = slice.rowTable(done);
        long column = slice.columnTable(done);
        long from = x + done * xStride;
        long to = y + 4 * quarter * done;
        long kept = factors + 4L * done;
        if (quarter % STEP == 0) {
          RotaryVectors.forward(row, column, quarter, factor, from, xStride, to, kept, run);
        } else if (2 * quarter == STEP) {
          RotaryHalfVectors.forward(row, column, factor, from, xStride, to, kept, run);
        } else {
          RotaryNumbers.forward(row, column, quarter, factor, from, xStride, to, kept, run);
        }
      }
    } finally {
      Reference.reachabilityFence(slice.tables);
    }
  }

  /**
   * Gradients of x and of the head's scale. From y and f alone: with {@code u = R^T(y)}, the
   * gradient of x is {@code f (R^T(g) - u (g . y) / scale)} for a gradient g of y, and that of the
   * scale {@code sum(g . y) / (2 scale)}.
   *
   * @param scale of the head
   * @param y {@code [tokens, d]}, dense, as {@link #forward} made it
   * @param factors {@code [tokens]}, likewise
   * @param yGradient {@code [tokens, d]}, dense
   * @param xGradient {@code [tokens, d]}, rows {@code xStride} bytes apart
   * @return the gradient of the scale, of these tokens
   */
  public static double backward(
      Slice slice,
      float scale,
      long y,
      long factors,
      long yGradient,
      long xGradient,
      long xStride) {
    float inverse = 1 / scale;
    double sum = backwardDots(slice, inverse, y, factors, yGradient, xGradient, xStride);
    return sum / 2 * inverse;
  }

  /** The gradient of x after {@link #rotate}; the arguments are those of {@link #backward}. */
  public static void rotateBack(
      Slice slice, long y, long factors, long yGradient, long xGradient, long xStride) {
    backwardDots(slice, 0, y, factors, yGradient, xGradient, xStride);
  }

  /** The gradient of x, and {@code sum(g . y)}. */
  private static double backwardDots(
      Slice slice,
      float inverse,
      long y,
      long factors,
      long yGradient,
      long xGradient,
      long xStride) {
    long quarter = 4L * slice.tables.quarter();
    try {
      double sum = 0;
      int run;
      for (int done = 0; done < slice.tokens; done += run) {
        run = slice.run(done);
        long row = slice.rowTable(done);
        long column = slice.columnTable(done);
        long at = 4 * quarter * done;
        long f = factors + 4L * done;
        long to = xGradient + done * xStride;
        if (quarter % STEP == 0) {
          sum +=
              RotaryVectors.backward(
                  row, column, quarter, inverse, y + at, f, yGradient + at, to, xStride, run);
        } else if (2 * quarter == STEP) {
          sum +=
              RotaryHalfVectors.backward(
                  row, column, inverse, y + at, f, yGradient + at, to, xStride, run);
        } else {
          sum +=
              RotaryNumbers.backward(
                  row, column, quarter, inverse, y + at, f, yGradient + at, to, xStride, run);
        }
      }
      return sum;
    } finally {
      Reference.reachabilityFence(slice.tables);
    }
  }
}
