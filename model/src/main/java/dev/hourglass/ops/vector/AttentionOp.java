package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.attention.QkvAttentionKernel;
import dev.hourglass.kernels.rotary.RotaryTables;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** {@link QkvAttentionKernel} on tensors: qkv, heads' scale. */
final class AttentionOp extends DifferentiableOp {

  private final QkvAttentionKernel kernel;
  private final RotaryTables rotary;

  AttentionOp(QkvAttentionKernel kernel, RotaryTables rotary) {
    this.kernel = kernel;
    this.rotary = rotary;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor qkv = inputs[0]; // [n, h, w, 3 * heads * d]
    Tensor out = TensorMemory.floats(qkv.size(0), qkv.size(1), qkv.size(2), qkv.size(3) / 3);
    Tensor kept = TensorMemory.bytes(kernel.keptBytes());
    kernel.forward(address(qkv), address(inputs[1]), rotary, address(out), address(kept));
    saver.save(qkv, inputs[1], kept, out);
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor dOut = outputGradients[0].contiguous();
    Tensor work = TensorMemory.bytes(kernel.workBytes());
    Tensor headScale = saved.apply(1);
    Tensor[] gradients = {
      TensorMemory.floatsLike(saved.apply(0)), TensorMemory.floatsLike(headScale)
    };
    kernel.backward(
        address(headScale),
        rotary,
        address(saved.apply(2)),
        address(saved.apply(3)),
        address(dOut),
        address(work),
        address(gradients[0]),
        address(gradients[1]));
    return gradients;
  }
}
