package dev.hourglass.ops;

import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Logits with a bias of the key as products alone: one more channel, 1 times the bias. */
final class BiasedKeys {

  private BiasedKeys() {}

  /**
   * {@code [n, h, w, heads, d + 1]} each.
   *
   * @param bias that of the keys, {@code [n, h, w, heads, 1]}; its type is the result's
   */
  static Logits<Tensor> products(Logits<Tensor> logits, Tensor bias) {
    Tensor q = logits.queries().to(bias);
    Tensor ones = torch.ones_like(q.narrow(-1, 0, 1));
    return Logits.ofProducts(
        Tensors.concat(-1, q, ones), Tensors.concat(-1, logits.keys().to(bias), bias));
  }
}
