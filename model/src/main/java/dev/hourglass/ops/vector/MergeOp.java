package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.resample.MergeKernel;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** {@link MergeKernel} on tensors: x and the weight. */
final class MergeOp extends DifferentiableOp {

  private final MergeKernel kernel;
  private final long[] shape;
  private final boolean wantsInputGradient;

  /**
   * The operation.
   *
   * @param shape of the output
   * @param wantsInputGradient false for the first layer, whose input is an image
   */
  MergeOp(MergeKernel kernel, long[] shape, boolean wantsInputGradient) {
    this.kernel = kernel;
    this.shape = shape;
    this.wantsInputGradient = wantsInputGradient;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor y = TensorMemory.floats(shape);
    kernel.forward(address(inputs[0]), address(y));
    saver.save(inputs);
    return new Tensor[] {y};
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor x = saved.apply(0);
    Tensor dy = outputGradients[0].contiguous();
    Tensor work = TensorMemory.bytes(kernel.workBytes());
    Tensor dx = wantsInputGradient ? TensorMemory.floatsLike(x) : null;
    Tensor dw = TensorMemory.floatsLike(saved.apply(1));
    kernel.backward(
        address(x), address(dy), address(work), dx == null ? 0 : address(dx), address(dw));
    return new Tensor[] {dx, dw};
  }
}
