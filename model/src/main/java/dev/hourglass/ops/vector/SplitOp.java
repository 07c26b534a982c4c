package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.resample.SplitKernel;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** {@link SplitKernel} on tensors: x and the weight; and what is mixed, skip and factor. */
final class SplitOp extends DifferentiableOp {

  private final SplitKernel kernel;
  private final long[] shape;
  private final MixForm form;

  /**
   * The operation.
   *
   * @param shape of the output
   */
  SplitOp(SplitKernel kernel, long[] shape, MixForm form) {
    this.kernel = kernel;
    this.shape = shape;
    this.form = form;
  }

  /** Where a tensor is, or 0 if there are not so many. */
  private static long at(Tensor[] tensors, int i) {
    return i < tensors.length ? address(tensors[i]) : 0;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor y = TensorMemory.floats(shape);
    kernel.forward(
        address(inputs[0]), at(inputs, 2), form.of(inputs[inputs.length - 1]), address(y));
    saver.save(inputs);
    return new Tensor[] {y};
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    int count = 2 + form.tensors();
    Tensor[] inputs = IntStream.range(0, count).mapToObj(saved).toArray(Tensor[]::new);
    Tensor dy = outputGradients[0].contiguous();
    Tensor work = TensorMemory.bytes(kernel.workBytes());
    Tensor[] gradients = BlockTensors.gradients(inputs);
    kernel.backward(
        address(inputs[0]),
        at(inputs, 2),
        form.of(inputs[count - 1]),
        address(inputs[1]),
        address(dy),
        address(work),
        new SplitKernel.Gradients(
            address(gradients[0]), at(gradients, 2), at(gradients, 3), address(gradients[1])));
    return gradients;
  }
}
