package dev.hourglass.ops;

import static dev.hourglass.architecture.primitive.Ledger.PSEUDO_INVERSE_STEPS;

import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What landmarks gathered, unmixed: {@code A^+ v} (Xiong et al. 2021; docs/model.md, 3.7). */
final class Unmixing {

  private Unmixing() {}

  /**
   * {@code [n, rows, columns, heads, d]} each. In at least float32, since A may be near singular.
   */
  static Tensor of(Logits<Tensor> landmarks, Tensor v) {
    Logits<Tensor> products =
        landmarks
            .keyBias()
            .map(bias -> BiasedKeys.products(landmarks, ReferenceOps.atLeastFloat(bias)))
            .orElse(landmarks);
    Tensor q = ReferenceOps.headsFirst(ReferenceOps.atLeastFloat(products.queries()));
    Tensor k = ReferenceOps.headsFirst(ReferenceOps.atLeastFloat(products.keys()));
    Tensor a = torch.softmax(torch.matmul(q, k.transpose(-1, -2)), -1); // [n, heads, m, m]
    Tensor gathered = ReferenceOps.headsFirst(ReferenceOps.atLeastFloat(v)); // [n, heads, m, d]
    return torch
        .matmul(pseudoInverse(a), gathered)
        .transpose(1, 2)
        .reshape(Tensors.shape(v))
        .to(v.scalar_type());
  }

  /** Of each matrix by itself; a fixed number of steps of third order. */
  private static Tensor pseudoInverse(Tensor a) {
    Tensor largest = largestSum(a, -1).mul(largestSum(a, -2)); // [n, heads, 1, 1]
    Tensor identity = torch.eye(a.size(-1), Tensors.options(a.scalar_type().intern())).to(a);
    Tensor z = a.transpose(-1, -2).div(largest);
    for (int step = 0; step < PSEUDO_INVERSE_STEPS; step++) {
      Tensor az = torch.matmul(a, z);
      Tensor inner = scaled(identity, 7).sub(az);
      Tensor middle = scaled(identity, 15).sub(torch.matmul(az, inner));
      Tensor outer = scaled(identity, 13).sub(torch.matmul(az, middle));
      z = torch.matmul(z, outer).mul(new Scalar(0.25));
    }
    return z;
  }

  private static Tensor largestSum(Tensor a, long axis) {
    Tensor sums = a.sum(new long[] {axis}, true, new ScalarTypeOptional());
    return sums.amax(new long[] {-2, -1}, true);
  }

  private static Tensor scaled(Tensor x, double factor) {
    return x.mul(new Scalar(factor));
  }
}
