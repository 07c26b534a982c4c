package dev.hourglass.kernels.attention.dense;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.product.Bfloat16;

/**
 * Attention of some queries to all keys of one head, {@code softmax(q k^T) v}, on one thread. Keys
 * come in blocks with a running maximum and sum (Dao et al. 2022, arXiv 2205.14135), so that a
 * block of scores stays in the cache whatever the number of tokens.
 */
final class DenseForward {

  private static final int QUERY_BLOCK = 64;
  private static final int KEY_BLOCK = 512;

  private final int keys;
  private final int d;
  private final int outStride;
  private final DenseOperands operands;
  private final int stride;

  /**
   * For heads of one shape.
   *
   * @param keys that every query sees
   * @param outStride floats from one query's result to the next
   */
  DenseForward(int keys, int d, int outStride, boolean bfloat16) {
    this.keys = keys;
    this.d = d;
    this.outStride = outStride;
    operands = new DenseOperands(bfloat16);
    stride = SoftmaxRows.stride(Math.min(keys, KEY_BLOCK));
  }

  /**
   * Scratch memory of a call; the next call may have it again.
   *
   * @param maxima the greatest score of each query so far, and {@code raised} by a block of keys
   * @param sums a vector of partial sums for each query
   * @param scores {@code [QUERY_BLOCK, stride]}
   * @param q operands, as {@code keys} and {@code values}; all unused where they are the input
   *     itself
   */
  record Buffers(
      long maxima,
      long raised,
      long sums,
      long scores,
      long q,
      long keys,
      long values,
      long narrow) {}

  /** Memory for calls with up to so many queries. */
  Buffers buffers(Scratch scratch, int queries) {
    int block = Math.min(keys, KEY_BLOCK);
    int rows = roundUp(Math.min(queries, QUERY_BLOCK));
    return new Buffers(
        scratch.floats(roundUp(queries)),
        scratch.floats(rows),
        scratch.floats((long) queries * Lanes.COUNT),
        scratch.floats((long) rows * stride),
        operands.room(scratch, queries, d),
        operands.room(scratch, d, stride),
        operands.room(scratch, block, d),
        operands.room(scratch, block, d));
  }

  private static int roundUp(int rows) {
    return (rows + SoftmaxRows.TOGETHER - 1) / SoftmaxRows.TOGETHER * SoftmaxRows.TOGETHER;
  }

  /**
   * Computes {@code head.out()}, and {@code head.logSumExp()} where that is wanted.
   *
   * @param labels an int for each token: only those with equal labels see each other; 0 if all do.
   *     Queries and keys are then the same tokens. Readable to the next whole vector.
   */
  void attend(Buffers buffers, int queries, DenseHead head, long labels) {
    long q = operands.left(head.q(), queries, d, buffers.q);
    for (int i = 0; i < roundUp(queries); i++) {
      Memory.setFloat(buffers.maxima + 4L * i, SoftmaxRows.HIDDEN);
    }
    Memory.zero(buffers.sums, (long) queries * Lanes.BYTES);
    for (int key = 0; key < keys; key += KEY_BLOCK) {
      int block = Math.min(KEY_BLOCK, keys - key);
      long first = 4L * key * d;
      operands.rightTransposed(head.k() + first, block, d, buffers.narrow, buffers.keys, stride);
      long values = operands.right(head.v() + first, block, d, buffers.values);
      for (int query = 0; query < queries; query += QUERY_BLOCK) {
        int rows = Math.min(QUERY_BLOCK, queries - query);
        long a = q + operands.bytes((long) query * d);
        operands.multiply(
            false, rows, block, d, a, d, buffers.keys, stride, buffers.scores, stride);
        if (labels != 0) {
          SoftmaxRows.hideOtherLabels(
              buffers.scores, stride, rows, block, labels + 4L * query, labels + 4L * key);
        }
        long out = head.out() + 4L * query * outStride;
        softmax(buffers, query, rows, block, out, key == 0);
        operands.multiply(
            key > 0,
            rows,
            d,
            operands.even(block),
            buffers.scores,
            operands.bfloat16() ? 2 * stride : stride,
            values,
            d,
            out,
            outStride);
      }
    }
    normalize(buffers, queries, head);
  }

  /** Scores to exponentials below the running maximum, to which earlier results are rescaled. */
  private void softmax(Buffers buffers, int query, int rows, int columns, long out, boolean first) {
    SoftmaxRows.hideTail(buffers.scores, stride, rows, columns);
    long maxima = buffers.maxima + 4L * query;
    SoftmaxRows.raiseMaxima(buffers.scores, stride, rows, columns, maxima, buffers.raised);
    for (int row = 0; row < rows; row++) {
      long scores = buffers.scores + 4L * row * stride;
      float max = Memory.getFloat(buffers.raised + 4L * row);
      float factor = first ? 0 : (float) Math.exp(Memory.getFloat(maxima + 4L * row) - max);
      Memory.setFloat(maxima + 4L * row, max);
      long sums = buffers.sums + (long) (query + row) * Lanes.BYTES;
      Exponentials.belowMaximum(scores, columns, max, sums, factor);
      if (operands.bfloat16()) {
        Bfloat16.narrow(scores, scores, Lanes.roundUp(columns));
      }
      if (!first && factor != 1) {
        SoftmaxRows.scale(out + 4L * row * outStride, d, factor);
      }
    }
  }

  private void normalize(Buffers buffers, int queries, DenseHead head) {
    for (int query = 0; query < queries; query++) {
      float sum = SoftmaxRows.sum(buffers.sums + (long) query * Lanes.BYTES);
      SoftmaxRows.scale(head.out() + 4L * query * outStride, d, 1 / sum);
      if (head.logSumExp() != 0) {
        float max = Memory.getFloat(buffers.maxima + 4L * query);
        Memory.setFloat(head.logSumExp() + 4L * query, max + (float) Math.log(sum));
      }
    }
  }
}
