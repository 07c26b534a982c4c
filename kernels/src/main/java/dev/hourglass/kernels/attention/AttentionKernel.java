package dev.hourglass.kernels.attention;

/**
 * Softmax attention over the keys of a pattern. q, k and v are {@code [images, heads, tokens, d]},
 * the result is token rows, {@code [images, tokens, heads, d]}; all float32.
 */
public interface AttentionKernel {

  /** Bytes that {@link #forward} keeps for the backward pass. */
  long keptBytes();

  /**
   * Attends.
   *
   * @param kept {@link #keptBytes} bytes to fill, or 0
   */
  void forward(long q, long k, long v, long out, long kept);

  /**
   * Computes the gradients of q, k and v, which overwrite their targets.
   *
   * @param out what forward computed
   * @param kept what forward filled
   */
  void backward(long q, long k, long v, long out, long kept, long outGradient, Gradients gradients);

  /** Where gradients go, each {@code [images, heads, tokens, d]}. */
  record Gradients(long q, long k, long v) {}
}
