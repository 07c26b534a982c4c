package dev.hourglass.bench;

/** What is done with a batch. */
public enum Pass {
  /** The denoised images, without gradients. */
  FORWARD(1),
  /** One optimiser step: forward, loss, backward, clipping, update, averaging. */
  TRAIN(3),
  /** The same, with activations computed again in the backward pass; counted as {@link #TRAIN}. */
  CHECKPOINTING(3);

  private final int forwardPasses;

  Pass(int forwardPasses) {
    this.forwardPasses = forwardPasses;
  }

  /**
   * How many forward passes' multiply-accumulates it has: the backward pass has the gradients of
   * both operands of every product.
   */
  int forwardPasses() {
    return forwardPasses;
  }
}
