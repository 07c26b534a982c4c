package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.product.WeightGradient;
import dev.hourglass.kernels.product.WeightGradientRows;
import dev.hourglass.kernels.product.WeightGradientSums;

/**
 * The feed-forward block, {@code y = x + dropout(act(norm(x) Up^T)) Down^T} (docs/model.md, 4.4),
 * with the biases and the gate of {@link BlockParameters}, fused over chunks of token rows.
 *
 * <p>Keeps {@code norm(x) Up^T} for the backward pass and computes the rest again.
 */
public final class FeedForwardKernel {

  /** Hidden units that go through product and activation at once. */
  private static final int PANEL = 64;

  private final TokenChunks chunks;
  private final NormedProduct up;
  private final ResidualProduct down;
  private final KeptRows products;
  private final Activation activation;
  private final int hidden;

  /** Whether the gradients of the weights are summed chunk by chunk. */
  private final boolean summed;

  /**
   * The block for a batch.
   *
   * @param up {@code [branches * hidden, width]}
   * @param down {@code [width, hidden]}, in the same number format
   * @param gated whether the residual has a gate
   */
  public FeedForwardKernel(
      int images, int tokens, Activation activation, Weight up, Weight down, boolean gated) {
    this.activation = activation;
    this.hidden = down.in();
    this.chunks = new TokenChunks(images, tokens, up.in() + 2 * hidden);
    this.summed = WeightGradientSums.suit(chunks, up, down);
    this.up = new NormedProduct(chunks, up, gradient(up, false));
    this.down = new ResidualProduct(chunks, down, gradient(down, !gated), gated);
    this.products = new KeptRows(chunks, activation.branches() * hidden, up.bfloat16());
  }

  private WeightGradient gradient(Weight weight, boolean dyGiven) {
    return summed
        ? new WeightGradientSums(chunks, weight)
        : new WeightGradientRows(chunks, weight, dyGiven, false);
  }

  /** What forward leaves: {@code norm(x) Up^T}, and what the residual needs. */
  private record Kept(long products, long residual, long size) {}

  private Kept kept(long base) {
    Parts parts = new Parts(base);
    return new Kept(parts.bytes(products.bytes()), parts.bytes(down.keptBytes()), parts.size());
  }

  /** Bytes that {@link #forward} keeps for the backward pass. */
  public long keptBytes() {
    return kept(0).size;
  }

  /**
   * Computes the block.
   *
   * @param x {@code [images, tokens, width]}
   * @param y the same; may not be x
   * @param keptMemory {@link #keptBytes} bytes to fill for the backward pass, or 0
   */
  public void forward(
      long x, BlockParameters parameters, TokenDropout dropout, long y, long keptMemory) {
    Kept kept = keptMemory == 0 ? new Kept(0, 0, 0) : kept(keptMemory);
    NormedProduct.Forward in = up.forward(x, parameters);
    ResidualProduct.Forward out = down.forward(x, parameters, y, kept.residual);
    chunks.each(
        (chunk, scratch) -> {
          long activated = activate(chunk, in, kept.products, scratch);
          dropout.apply(chunk, activated, hidden, scratch);
          out.write(chunk, activated, scratch);
        });
  }

  /** {@code act(norm(x) Up^T)}, panel by panel of hidden units, {@code [rows, hidden]}. */
  private long activate(Chunk chunk, NormedProduct.Forward in, long kept, Scratch scratch) {
    int rows = chunk.rows();
    long operand = in.operand(chunk, scratch);
    long activated = scratch.floats((long) rows * hidden);
    boolean inPlace = kept != 0 && products.inPlace();
    int branches = activation.branches();
    int part = inPlace ? hidden : PANEL; // numbers from a branch to the next
    int stride = branches * part;
    long panel = scratch.floats((long) rows * branches * PANEL); // [rows, branches, PANEL]
    for (int j = 0; j < hidden; j += PANEL) {
      int n = Math.min(PANEL, hidden - j);
      long u = inPlace ? products.place(kept, chunk, j) : panel;
      for (int branch = 0; branch < branches; branch++) {
        long place = u + 4L * branch * part;
        int column = branch * hidden + j;
        in.multiply(chunk, operand, column, n, place, stride);
        if (kept != 0 && !inPlace) {
          products.store(kept, chunk, column, n, place, stride);
        }
      }
      activation.forward(u, 4L * part, 4L * stride, activated + 4L * j, 4L * hidden, rows, n);
    }
    return activated;
  }

  private record Work(NormedProduct.Work up, ResidualProduct.Work down, long size) {}

  private Work work(long base) {
    Parts parts = new Parts(base);
    return new Work(up.work(parts), down.work(parts), parts.size());
  }

  /** Bytes of working memory for {@link #backward}. */
  public long workBytes() {
    return work(0).size;
  }

  /**
   * Computes the gradients.
   *
   * @param keptMemory what {@link #forward} filled
   * @param yGradient {@code [images, tokens, width]}
   * @param workMemory {@link #workBytes} bytes
   */
  public void backward(
      long x,
      BlockParameters parameters,
      TokenDropout dropout,
      long keptMemory,
      long yGradient,
      long workMemory,
      BlockGradients gradients) {
    Kept kept = kept(keptMemory);
    Work work = work(workMemory);
    NormedProduct.Backward in = up.backward(x, parameters.norm(), yGradient, work.up, gradients);
    ResidualProduct.Backward out =
        down.backward(parameters.gate(), kept.residual, yGradient, work.down, gradients);
    TokenChunks.Work one =
        (chunk, scratch) -> {
          long activatedGradient = scratch.floats((long) chunk.rows() * hidden);
          long given = out.rows(chunk, scratch);
          out.multiply(chunk, given, activatedGradient, scratch);
          dropout.apply(chunk, activatedGradient, hidden, scratch);
          long activated = out.room(chunk, scratch);
          long product = in.room(chunk, scratch);
          activateBack(chunk, kept.products, activatedGradient, product, activated, scratch);
          dropout.apply(chunk, activated, hidden, scratch);
          out.add(chunk, given, activated, scratch);
          in.add(chunk, product, scratch);
        };
    if (summed) {
      chunks.eachInGroups(one);
    } else {
      chunks.each(one);
    }
    in.finish();
    out.finish(0);
  }

  /** Backward of the activation: dh {@code [rows, hidden]} to du, like its input, and h. */
  private void activateBack(Chunk chunk, long kept, long dh, long du, long h, Scratch scratch) {
    long u = products.rows(kept, chunk, scratch);
    long row = 4L * hidden;
    long stride = activation.branches() * row;
    activation.backward(u, row, stride, dh, row, du, h, chunk.rows(), hidden);
  }
}
