package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.block.Activation;
import dev.hourglass.kernels.block.ActivationKernel;
import dev.hourglass.tensor.Tensors;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** {@link ActivationKernel} on a tensor, {@code [..., branches * hidden] -> [..., hidden]}. */
final class ActivationOp extends DifferentiableOp {

  private final Activation activation;
  private final int hidden;

  ActivationOp(Activation activation, int hidden) {
    this.activation = activation;
    this.hidden = hidden;
  }

  private ActivationKernel kernel(Tensor x) {
    return new ActivationKernel(activation, TensorMemory.rows(x), hidden);
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    long[] shape = Tensors.shape(inputs[0]);
    shape[shape.length - 1] = hidden;
    Tensor y = TensorMemory.floats(shape);
    kernel(inputs[0]).forward(address(inputs[0]), address(y));
    saver.save(inputs);
    return new Tensor[] {y};
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor x = saved.apply(0);
    Tensor dy = outputGradients[0].contiguous();
    Tensor dx = TensorMemory.floatsLike(x);
    kernel(x).backward(address(x), address(dy), address(dx));
    return new Tensor[] {dx};
  }
}
