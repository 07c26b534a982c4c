package dev.hourglass.ops;

import dev.hourglass.kernels.product.Gemm;
import java.util.Optional;

/**
 * The number format of matrix products. Weights, norms, softmax and the residual stream keep the
 * type of the weights: float32, and float64 where tests ask for it.
 */
public enum Precision {
  /** {@link #BF16} where the processor computes in it, else {@link #FP32}. */
  AUTO,
  /** The type of the weights, so float64 where they are. */
  FP32,
  /** bfloat16 operands, float32 accumulation inside the product. */
  BF16;

  /** What {@link #AUTO} means on this machine; the others are themselves. */
  public Precision resolved() {
    if (this != AUTO) {
      return this;
    }
    return Gemm.hasFastBfloat16() ? BF16 : FP32;
  }

  /** What the log must say of this choice here, if anything. */
  public Optional<String> warning() {
    return this == BF16 && !Gemm.hasFastBfloat16()
        ? Optional.of(
            "bf16: the processor, or the environment's limits on it, has no instructions for it;"
                + " products of bf16 numbers are computed in other ways, right but slower than"
                + " fp32.")
        : Optional.empty();
  }
}
