package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;

/** Dropout of a block's inner activation: the same elements in the forward and backward pass. */
@FunctionalInterface
public interface TokenDropout {

  /** No dropout. */
  TokenDropout NONE = (chunk, rows, width, scratch) -> {};

  /** Drops elements of a chunk's rows, {@code [rows, width]}, in place, and scales the others. */
  void apply(Chunk chunk, long rows, int width, Scratch scratch);
}
