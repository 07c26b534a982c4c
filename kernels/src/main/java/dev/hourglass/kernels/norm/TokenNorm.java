package dev.hourglass.kernels.norm;

import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.product.SegmentSums;

/** How the token rows of a chunk are normalised before a block, and back (docs/model.md, 4.1). */
public sealed interface TokenNorm permits NormScale, ShiftedNorm, LayerModulation {

  /** Norm of a chunk's rows: x and y {@code [rows, width]}. */
  void normalise(Chunk chunk, long x, long y, int width);

  /**
   * Gradients of the norm of a chunk, {@code xGradient = residual + ...}.
   *
   * @param residual 0 for none
   * @param sums receives the chunk's share of the gradients of scale and shift
   */
  void backward(
      Chunk chunk, long x, long yGradient, long residual, long xGradient, Partials sums, int width);

  /** Sums the chunks' shares, in order. */
  void reduce(Partials sums, Gradients gradients);

  /** Where gradients go: of the scale's and of the shift's shape; 0 for what there is none of. */
  record Gradients(long scale, long shift) {}

  /**
   * The chunks' shares of these gradients.
   *
   * @param scale room of sums; likewise shift
   */
  record Partials(SegmentSums sums, long scale, long shift) {

    /** Room for those of any norm. */
    public static Partials of(Parts parts, TokenChunks chunks, int width) {
      SegmentSums sums = new SegmentSums(chunks, width);
      return new Partials(sums, sums.room(parts), sums.room(parts));
    }
  }
}
