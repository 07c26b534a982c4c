package dev.hourglass.kernels.attention.dense;

import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.product.Bfloat16;
import dev.hourglass.kernels.product.Gemm;
import dev.hourglass.kernels.product.Transpose;

/**
 * The operands of attention's products, made from rows of float32: the rows themselves, or bfloat16
 * as {@link Gemm} wants it. Leading dimensions count numbers, as there.
 *
 * @param bfloat16 whether products take bfloat16
 */
record DenseOperands(boolean bfloat16) {

  /** Room for an operand of {@code rows * width} numbers, or for its transpose. */
  long room(Scratch scratch, int rows, int width) {
    return scratch.bytes(bytes((long) even(rows) * even(width)));
  }

  /** The length of a sum that a product takes for one of {@code n} terms: pairs must be whole. */
  int even(int n) {
    return bfloat16 ? n + n % 2 : n;
  }

  /** Bytes of {@code i} numbers. */
  long bytes(long i) {
    return (bfloat16 ? 2 : 4) * i;
  }

  /** Rows on the left of a product: {@code [rows, width]}. */
  long left(long source, int rows, int width, long room) {
    if (!bfloat16) {
      return source;
    }
    Bfloat16.narrow(source, room, rows * width);
    return room;
  }

  /** Rows on the right of a product: {@code [even(rows), width]}. */
  long right(long source, int rows, int width, long room) {
    if (!bfloat16) {
      return source;
    }
    long row = 4L * width;
    for (int i = 0; i < rows - 1; i += 2) {
      Bfloat16.pair(source + i * row, source + (i + 1) * row, room + i / 2 * row, width);
    }
    if (rows % 2 != 0) {
      Bfloat16.pairWithZero(source + (rows - 1) * row, room + rows / 2 * row, width);
    }
    return room;
  }

  /** Transposed rows on the left of a product: {@code [width, even(rows)]}. */
  void leftTransposed(long source, int rows, int width, long room, long target, int ld) {
    if (bfloat16) {
      int pairs = even(rows) / 2;
      Transpose.transpose(
          right(source, rows, width, room), 4L * width, pairs, width, target, 2L * ld);
    } else {
      Transpose.transpose(source, 4L * width, rows, width, target, 4L * ld);
    }
  }

  /** Transposed rows on the right of a product: {@code [width, rows]}. */
  void rightTransposed(long source, int rows, int width, long room, long target, int ld) {
    if (bfloat16) {
      Transpose.transpose(
          left(source, rows, width, room), 2L * width, rows, width / 2, target, 4L * ld);
    } else {
      Transpose.transpose(source, 4L * width, rows, width, target, 4L * ld);
    }
  }

  /** {@code C[m, n] (+)= A[m, k] B[k, n]}, C in float32. */
  void multiply(
      boolean add, int m, int n, int k, long a, int lda, long b, int ldb, long c, int ldc) {
    if (bfloat16) {
      Gemm.bfloats(add, m, n, k, a, lda, b, ldb, c, ldc);
    } else {
      Gemm.floats(add, m, n, k, a, lda, b, ldb, c, ldc);
    }
  }
}
