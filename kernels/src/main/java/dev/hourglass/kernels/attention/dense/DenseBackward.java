package dev.hourglass.kernels.attention.dense;

import dev.hourglass.kernels.attention.AttentionKernel.Gradients;
import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.product.Bfloat16;
import dev.hourglass.kernels.product.Transpose;

/**
 * The gradients of {@link DenseForward} for some keys of one head and all its queries, on one
 * thread.
 *
 * <p>With P the probabilities, recomputed from logSumExp, and {@code mean = rowsum(dO O)}, they are
 * {@code dV = P^T dO}, {@code dP = dO v^T}, {@code dS = P (dP - mean)}, {@code dQ = dS k} and
 * {@code dK = dS^T q} (Dao et al. 2022, arXiv 2205.14135, appendix B.2). Scores are computed
 * transposed, a row a key: then P^T and dS^T are left sides of products as they come, and dQ is
 * made as {@code dQ^T = k^T dS^T}, so that no block of scores is ever transposed.
 */
final class DenseBackward {

  private static final int QUERY_BLOCK = 256;
  static final int KEY_BLOCK = 64;

  private final int queries;
  private final int d;
  private final int outStride;
  private final DenseOperands operands;

  /** Floats between rows of scores, which are keys. */
  private final int stride;

  /**
   * For heads of one shape.
   *
   * @param outStride floats from one query's result to the next
   */
  DenseBackward(int queries, int d, int outStride, boolean bfloat16) {
    this.queries = queries;
    this.d = d;
    this.outStride = outStride;
    operands = new DenseOperands(bfloat16);
    stride = SoftmaxRows.stride(Math.min(queries, QUERY_BLOCK));
  }

  /** k and v as left sides of products; k^T too, {@code [d, transposedStride]}. */
  private record Keys(long k, long v, long kTransposed, int transposedStride) {}

  /** A block of queries: q^T, dO^T, q and dO as right sides of products. */
  private record Queries(long qTransposed, long outTransposed, long q, long out) {}

  /**
   * Scratch memory of a call; the next call may have it again.
   *
   * @param logSumExp of a block of queries; so are {@code means}
   * @param scores {@code [KEY_BLOCK, stride]}, as {@code gradients} and {@code pairs} of them
   * @param qGradient {@code [d, stride]}
   * @param keys room for operands, as {@code queries}
   * @param outRows a block of dO without gaps
   * @param narrow room for an operand on its way to being transposed
   */
  record Buffers(
      long logSumExp,
      long means,
      long lanes,
      long scores,
      long gradients,
      long pairs,
      long qGradient,
      Keys keys,
      Queries queries,
      long outRows,
      long narrow) {}

  /** Memory for calls with up to so many keys. */
  Buffers buffers(Scratch scratch, int keys) {
    int n = Math.min(queries, QUERY_BLOCK);
    int m = Math.min(keys, KEY_BLOCK);
    int transposedStride = SoftmaxRows.stride(keys);
    return new Buffers(
        scratch.floats(stride),
        scratch.floats(stride),
        scratch.floats(Lanes.COUNT),
        scratch.floats((long) m * stride),
        scratch.floats((long) m * stride),
        operands.room(scratch, m, stride),
        scratch.floats((long) d * stride),
        new Keys(
            operands.room(scratch, keys, d),
            operands.room(scratch, keys, d),
            operands.room(scratch, d, transposedStride),
            transposedStride),
        new Queries(
            operands.room(scratch, d, stride),
            operands.room(scratch, d, stride),
            operands.room(scratch, n, d),
            operands.room(scratch, n, d)),
        scratch.floats((long) n * d),
        operands.room(scratch, Math.max(n, keys), d));
  }

  /**
   * Overwrites the gradients.
   *
   * @param keys rows of {@code head.k()}, {@code head.v()} and their gradients
   * @param head the logSumExp included
   * @param outGradient like {@code head.out()}
   * @param gradients q's is the part that comes from these keys
   * @param labels as in {@link DenseForward#attend}
   */
  void attend(
      Buffers buffers,
      int keys,
      DenseHead head,
      long outGradient,
      Gradients gradients,
      long labels) {
    Keys left = keys(buffers, keys, head);
    for (int query = 0; query < queries; query += QUERY_BLOCK) {
      int n = Math.min(QUERY_BLOCK, queries - query);
      Queries right = queries(buffers, head, outGradient, query, n);
      for (int key = 0; key < keys; key += KEY_BLOCK) {
        int m = Math.min(KEY_BLOCK, keys - key);
        long at = operands.bytes((long) key * d);
        operands.multiply(
            false, m, n, d, left.k + at, d, right.qTransposed, stride, buffers.scores, stride);
        if (labels != 0) {
          SoftmaxRows.hideOtherLabels(
              buffers.scores, stride, m, n, labels + 4L * key, labels + 4L * query);
        }
        operands.multiply(
            false, m, n, d, left.v + at, d, right.outTransposed, stride, buffers.gradients, stride);
        softmax(buffers, m, n);
        accumulate(buffers, left, right, key, m, query, n, gradients);
      }
      Transpose.transpose(
          buffers.qGradient, 4L * stride, d, n, gradients.q() + 4L * query * d, 4L * d);
    }
  }

  private Keys keys(Buffers buffers, int keys, DenseHead head) {
    Keys room = buffers.keys;
    operands.leftTransposed(
        head.k(), keys, d, buffers.narrow, room.kTransposed, room.transposedStride);
    return new Keys(
        operands.left(head.k(), keys, d, room.k),
        operands.left(head.v(), keys, d, room.v),
        room.kTransposed,
        room.transposedStride);
  }

  private Queries queries(Buffers buffers, DenseHead head, long outGradient, int query, int n) {
    Memory.copy(head.logSumExp() + 4L * query, buffers.logSumExp, 4L * n);
    long rows = outGradient + 4L * query * outStride;
    long out = head.out() + 4L * query * outStride;
    for (int i = 0; i < n; i++) {
      long row = 4L * i * outStride;
      float mean = SoftmaxRows.dot(out + row, rows + row, d, buffers.lanes);
      Memory.setFloat(buffers.means + 4L * i, mean);
    }
    if (outStride != d) {
      DenseRows.copy(rows, outStride, buffers.outRows, d, n, d);
      rows = buffers.outRows;
    }
    long q = head.q() + 4L * query * d;
    Queries room = buffers.queries;
    operands.rightTransposed(q, n, d, buffers.narrow, room.qTransposed, stride);
    operands.rightTransposed(rows, n, d, buffers.narrow, room.outTransposed, stride);
    return new Queries(
        room.qTransposed,
        room.outTransposed,
        operands.right(q, n, d, room.q),
        operands.right(rows, n, d, room.out));
  }

  /** Scores and dP become P and dS, transposed, and in bfloat16 operands of products. */
  private void softmax(Buffers buffers, int m, int n) {
    for (int i = 0; i < m; i++) {
      long row = 4L * i * stride;
      Exponentials.belowLogSumExp(buffers.scores + row, n, buffers.logSumExp);
      SoftmaxRows.gradients(buffers.scores + row, buffers.gradients + row, n, buffers.means);
    }
    if (operands.bfloat16()) {
      operands.right(buffers.gradients, m, stride, buffers.pairs);
      for (int i = 0; i < m; i++) {
        narrow(buffers.scores + 4L * i * stride, n);
        narrow(buffers.gradients + 4L * i * stride, n);
      }
    }
  }

  /** Rounds a row in place and ends it with a zero if its length is odd. */
  private static void narrow(long row, int n) {
    Bfloat16.narrow(row, row, n);
    if (n % 2 != 0) {
      Memory.ALL.set(Memory.SHORT, row + 2L * n, (short) 0);
    }
  }

  /** Adds a block's share to the gradients. */
  private void accumulate(
      Buffers buffers, Keys left, Queries right, int key, int m, int query, int n, Gradients g) {
    int terms = operands.even(n);
    int lda = operands.bfloat16() ? 2 * stride : stride;
    long place = 4L * key * d;
    operands.multiply(query > 0, m, d, terms, buffers.scores, lda, right.out, d, g.v() + place, d);
    operands.multiply(query > 0, m, d, terms, buffers.gradients, lda, right.q, d, g.k() + place, d);
    operands.multiply(
        key > 0,
        d,
        n,
        operands.even(m),
        left.kTransposed + operands.bytes(key),
        left.transposedStride,
        operands.bfloat16() ? buffers.pairs : buffers.gradients,
        stride,
        buffers.qGradient,
        stride);
  }
}
