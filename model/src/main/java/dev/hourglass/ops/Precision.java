package dev.hourglass.ops;

import dev.hourglass.core.InputException;
import dev.hourglass.kernels.product.Gemm;
import java.util.Locale;
import java.util.Optional;

/**
 * The number format of matrix products; weights, norms, softmax and the residual stream keep their
 * own, float32.
 */
public enum Precision {
  /** {@link #BF16} where the processor computes in it, else {@link #FP32}. */
  AUTO,
  /** Whatever type the weights have: float32, or float64 in tests. */
  FP32,
  /** bfloat16 operands, float32 accumulation inside the product. */
  BF16;

  public static Precision parse(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "auto" -> AUTO;
      case "fp32" -> FP32;
      case "bf16" -> BF16;
      default ->
          throw new InputException(
              "Unknown precision '%s'; choose auto, fp32 or bf16.".formatted(name));
    };
  }

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
