package dev.hourglass.kernels.block;

import dev.hourglass.kernels.norm.ImageRows;
import dev.hourglass.kernels.norm.TokenNorm;

/**
 * The small parameters of a residual block {@code y = x + gate * (core(norm(x) In^T + inBias) Out^T
 * + outBias)}; the weights belong to the kernel.
 *
 * @param inBias of the product before the core, float32, or 0 for none; likewise outBias
 * @param gate {@code [images, width]}, of a kernel that was made for one
 */
public record BlockParameters(TokenNorm norm, long inBias, long outBias, ImageRows gate) {

  /** A block without biases and gate. */
  public static BlockParameters of(TokenNorm norm) {
    return new BlockParameters(norm, 0, 0, ImageRows.NONE);
  }
}
