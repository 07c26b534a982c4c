package dev.hourglass.kernels.product;

import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;

/**
 * How the gradient of a weight, {@code dW [out, in] = sum over tokens of dy^T x}, comes about while
 * chunks of token rows pass: each chunk is added, then the sum is finished. The order of the sum
 * depends on shapes alone.
 */
public sealed interface WeightGradient permits WeightGradientRows, WeightGradientSums {

  /** Bytes of working memory. */
  long bytes();

  /** Where to make a chunk's rows of dy, {@code [rows, out]}, in float32. */
  long dyRoom(long work, Chunk chunk, Scratch scratch);

  /** Where to make a chunk's rows of x, {@code [rows, in]}, in float32. */
  long xRoom(long work, Chunk chunk, Scratch scratch);

  /**
   * Adds a chunk.
   *
   * @param work {@link #bytes} bytes
   * @param dy the chunk's rows: in their room, or part of those that {@link #finish} is given
   * @param x likewise
   */
  void add(long work, Chunk chunk, long dy, long x, Scratch scratch);

  /**
   * Completes the sum, which overwrites {@code target}.
   *
   * @param dy the batch's rows where they lie in memory anyway; 0 if they were made in rooms
   * @param x likewise
   * @param target {@code [out, in]}, float32
   */
  void finish(long work, long dy, long x, long target);
}
