package dev.hourglass.ops;

import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * {@code softmax(q k^T + mask) v} on {@code [..., tokens, d]}, in the way that is fast for its size
 * and type.
 */
final class Softmax {

  /**
   * Rows of the score matrix that are held at once for bfloat16, so that they stay in the cache.
   */
  private static final long QUERY_BLOCK = 256;

  /** Up to here the scores are small enough to hold, and plain operations do; not tuned. */
  private static final long SHORT_SEQUENCE = 256;

  private Softmax() {}

  /** All queries against all keys, for long sequences: {@code [n, heads, tokens, d]}. */
  static Tensor attend(Tensor q, Tensor k, Tensor v) {
    if (k.size(2) <= SHORT_SEQUENCE) {
      return attendMasked(q, k, v, null);
    }
    // libtorch's fused kernel falls back to a scalar loop in bfloat16 on CPUs, so that goes in
    // blocks.
    if (q.scalar_type().intern() != ScalarType.BFloat16 || !q.device().is_cpu()) {
      return torch.scaled_dot_product_attention(
          q, k, v, new TensorOptional(), 0.0, false, new DoubleOptional(1.0), false);
    }
    List<Tensor> blocks = new ArrayList<>();
    for (long from = 0; from < q.size(2); from += QUERY_BLOCK) {
      Tensor block = q.narrow(2, from, Math.min(QUERY_BLOCK, q.size(2) - from));
      blocks.add(Scope.of(() -> attendMasked(block, k, v, null)));
    }
    return Tensors.concat(2, blocks.toArray(Tensor[]::new));
  }

  /**
   * Many short sequences, with an additive mask that broadcasts against the scores.
   *
   * @param mask 0 and minus infinity, or null
   */
  static Tensor attendMasked(Tensor q, Tensor k, Tensor v, Tensor mask) {
    Tensor scores = torch.matmul(q, k.transpose(-1, -2));
    if (scores.scalar_type().intern() == ScalarType.BFloat16) {
      scores = scores.to(ScalarType.Float);
    }
    Tensor weights = torch.softmax(mask == null ? scores : scores.add(mask), -1);
    return torch.matmul(weights.to(v.scalar_type()), v);
  }
}
