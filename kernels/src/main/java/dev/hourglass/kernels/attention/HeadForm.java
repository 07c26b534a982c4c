package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.rotary.CosineRotary.Slice;

/**
 * What queries and keys go through so that their products are the logits (docs/model.md, 3.2), and
 * their rotation. q and k are seen a head of a chunk's image at a time.
 */
sealed interface HeadForm permits CosineHeads, DotHeads, QkNormHeads, L2Heads {

  /** The chunks' heads. */
  record Shape(TokenChunks chunks, int heads, int d) {}

  /** Queries or keys. */
  enum Side {
    QUERIES,
    KEYS
  }

  /** What the chunks' heads are. */
  Shape shape();

  /** Channels of a row of a plane: d, or more where a key's part of the logits is one of them. */
  default int planeWidth() {
    return shape().d();
  }

  /** Floats that are kept of each row of d, beside its result. */
  int keptFloats();

  /**
   * Scales and rotates.
   *
   * @param x {@code [tokens, d]}, rows {@code stride} bytes apart
   * @param y {@code [tokens, planeWidth]}, dense
   * @param kept {@link #keptFloats} floats a row
   */
  void forward(Slice slice, Side side, HeadScales scales, long x, long stride, long y, long kept);

  /** Room for the chunks' shares of the gradients of the scales. */
  long room(Parts parts);

  /**
   * Where in a batch.
   *
   * @param image among those of the chunk
   * @param room that of {@link #room}
   * @param rows working memory, {@code [tokens, d]}
   */
  record Place(Chunk chunk, int image, long room, long rows) {}

  /**
   * The gradient of x, and the share of the scales'. Queries come before keys, and head after head.
   *
   * @param y what forward made; likewise kept
   */
  void backward(
      Slice slice,
      Side side,
      HeadScales scales,
      Place place,
      long y,
      long kept,
      long yGradient,
      long xGradient,
      long stride);

  /** Sums the chunks' shares, in order, to the gradients of the scales. */
  void reduce(long room, HeadScales gradients);
}
