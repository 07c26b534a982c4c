package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.block.GegluKernel;
import dev.hourglass.tensor.Tensors;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** {@link GegluKernel} on a tensor, {@code [..., 2 * hidden] -> [..., hidden]}. */
final class GegluOp extends DifferentiableOp {

  private final GegluKernel kernel;

  GegluOp(GegluKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    long[] shape = Tensors.shape(inputs[0]);
    shape[shape.length - 1] /= 2;
    Tensor y = TensorMemory.floats(shape);
    kernel.forward(address(inputs[0]), address(y));
    saver.save(inputs);
    return new Tensor[] {y};
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor x = saved.apply(0);
    Tensor dy = outputGradients[0].contiguous();
    Tensor dx = TensorMemory.floatsLike(x);
    kernel.backward(address(x), address(dy), address(dx));
    return new Tensor[] {dx};
  }
}
