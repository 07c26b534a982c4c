package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.norm.NormKernel;
import dev.hourglass.kernels.norm.TokenNorm;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** {@link NormKernel} on tensors: x, the scale and, if the norm has one, the shift. */
final class NormOp extends DifferentiableOp {

  private final NormKernel kernel;
  private final NormForm form;

  NormOp(NormKernel kernel, NormForm form) {
    this.kernel = kernel;
    this.form = form;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor y = TensorMemory.floatsLike(inputs[0]);
    kernel.forward(address(inputs[0]), norm(inputs), address(y));
    saver.save(inputs);
    return new Tensor[] {y};
  }

  private TokenNorm norm(Tensor[] inputs) {
    return form.of(inputs[1], inputs[inputs.length - 1]);
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    int count = form == NormForm.RMS ? 2 : 3;
    Tensor[] inputs = IntStream.range(0, count).mapToObj(saved).toArray(Tensor[]::new);
    Tensor dy = outputGradients[0].contiguous();
    Tensor work = TensorMemory.bytes(kernel.workBytes());
    Tensor[] gradients = BlockTensors.gradients(inputs);
    kernel.backward(
        address(inputs[0]),
        norm(inputs),
        address(dy),
        address(work),
        address(gradients[0]),
        new TokenNorm.Gradients(address(gradients[1]), count == 2 ? 0 : address(gradients[2])));
    return gradients;
  }
}
