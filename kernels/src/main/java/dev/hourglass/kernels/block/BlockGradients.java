package dev.hourglass.kernels.block;

import dev.hourglass.kernels.norm.TokenNorm;

/**
 * Where the gradients of a residual block go; all float32, overwritten.
 *
 * @param inWeight of the product before the core; outWeight that of the one after it
 * @param inBias 0 if there is none; likewise outBias
 * @param gate {@code [images, width]}, or 0 if there is none
 */
public record BlockGradients(
    long x,
    TokenNorm.Gradients norm,
    long inWeight,
    long inBias,
    long outWeight,
    long outBias,
    long gate) {

  /** Those of a block without biases, shift and gate. */
  public static BlockGradients of(long x, long scale, long inWeight, long outWeight) {
    return new BlockGradients(x, new TokenNorm.Gradients(scale, 0), inWeight, 0, outWeight, 0, 0);
  }
}
