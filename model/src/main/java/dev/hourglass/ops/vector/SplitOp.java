package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.resample.SplitKernel;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** {@link SplitKernel} on tensors: x and the weight; and, with a skip, skip and factor. */
final class SplitOp extends DifferentiableOp {

  private final SplitKernel kernel;
  private final long[] shape;
  private final boolean mixes;

  /**
   * The operation.
   *
   * @param shape of the output
   * @param mixes whether there are a skip and a factor
   */
  SplitOp(SplitKernel kernel, long[] shape, boolean mixes) {
    this.kernel = kernel;
    this.shape = shape;
    this.mixes = mixes;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor y = TensorMemory.floats(shape);
    kernel.forward(
        address(inputs[0]),
        mixes ? address(inputs[2]) : 0,
        mixes ? inputs[3].item_float() : 1,
        address(y));
    saver.save(inputs);
    return new Tensor[] {y};
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor x = saved.apply(0);
    Tensor weight = saved.apply(1);
    Tensor dy = outputGradients[0].contiguous();
    Tensor work = TensorMemory.bytes(kernel.workBytes());
    Tensor dx = TensorMemory.floatsLike(x);
    Tensor dw = TensorMemory.floatsLike(weight);
    if (!mixes) {
      kernel.backward(
          address(x),
          0,
          1,
          address(weight),
          address(dy),
          address(work),
          new SplitKernel.Gradients(address(dx), 0, 0, address(dw)));
      return new Tensor[] {dx, dw};
    }
    Tensor skip = saved.apply(2);
    Tensor factor = saved.apply(3);
    Tensor dSkip = TensorMemory.floatsLike(skip);
    Tensor dFactor = TensorMemory.floatsLike(factor);
    kernel.backward(
        address(x),
        address(skip),
        factor.item_float(),
        address(weight),
        address(dy),
        address(work),
        new SplitKernel.Gradients(address(dx), address(dSkip), address(dFactor), address(dw)));
    return new Tensor[] {dx, dw, dSkip, dFactor};
  }
}
