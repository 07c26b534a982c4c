package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.attention.PseudoInverseKernel;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** {@link PseudoInverseKernel} on a tensor {@code [..., m, m]}. */
final class PseudoInverseOp extends DifferentiableOp {

  private static PseudoInverseKernel kernel(Tensor a) {
    int m = TensorMemory.width(a);
    return new PseudoInverseKernel(TensorMemory.rows(a) / m, m);
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor z = TensorMemory.floatsLike(inputs[0]);
    kernel(inputs[0]).forward(address(inputs[0]), address(z));
    saver.save(inputs);
    return new Tensor[] {z};
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor a = saved.apply(0);
    Tensor given = outputGradients[0].contiguous();
    Tensor gradient = TensorMemory.floatsLike(a);
    kernel(a).backward(address(a), address(given), address(gradient));
    return new Tensor[] {gradient};
  }
}
