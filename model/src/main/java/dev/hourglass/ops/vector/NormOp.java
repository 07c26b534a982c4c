package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.norm.NormKernel;
import dev.hourglass.kernels.norm.NormScale;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** {@link NormKernel} on tensors: x and the scale. */
final class NormOp extends DifferentiableOp {

  private final NormKernel kernel;
  private final boolean scalePerImage;

  NormOp(NormKernel kernel, boolean scalePerImage) {
    this.kernel = kernel;
    this.scalePerImage = scalePerImage;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor y = TensorMemory.floatsLike(inputs[0]);
    kernel.forward(address(inputs[0]), norm(inputs[1]), address(y));
    saver.save(inputs);
    return new Tensor[] {y};
  }

  private NormScale norm(Tensor scale) {
    return new NormScale(address(scale), scalePerImage);
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor x = saved.apply(0);
    Tensor scale = saved.apply(1);
    Tensor dy = outputGradients[0].contiguous();
    Tensor work = TensorMemory.bytes(kernel.workBytes());
    Tensor dx = TensorMemory.floatsLike(x);
    Tensor dScale = TensorMemory.floatsLike(scale);
    kernel.backward(
        address(x), norm(scale), address(dy), address(work), address(dx), address(dScale));
    return new Tensor[] {dx, dScale};
  }
}
