package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.block.AttentionBlockKernel;
import dev.hourglass.kernels.block.TokenDropout;
import dev.hourglass.kernels.norm.NormScale;
import dev.hourglass.kernels.rotary.RotaryTables;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * {@link AttentionBlockKernel} on tensors: x, the norm's scale, heads' scale, qkv and out weight.
 */
final class AttentionBlockOp extends DifferentiableOp {

  private final AttentionBlockKernel kernel;
  private final boolean scalePerImage;
  private final RotaryTables rotary;
  private final TokenDropout dropout;

  AttentionBlockOp(
      AttentionBlockKernel kernel,
      boolean scalePerImage,
      RotaryTables rotary,
      TokenDropout dropout) {
    this.kernel = kernel;
    this.scalePerImage = scalePerImage;
    this.rotary = rotary;
    this.dropout = dropout;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor x = inputs[0];
    Tensor scale = inputs[1];
    Tensor headScale = inputs[2];
    Tensor y = TensorMemory.floatsLike(x);
    Tensor kept = TensorMemory.bytes(kernel.keptBytes());
    kernel.forward(
        address(x), norm(scale), address(headScale), rotary, dropout, address(y), address(kept));
    saver.save(x, scale, headScale, kept, inputs[3], inputs[4]);
    return new Tensor[] {y};
  }

  private NormScale norm(Tensor scale) {
    return new NormScale(address(scale), scalePerImage);
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor x = saved.apply(0);
    Tensor scale = saved.apply(1);
    Tensor headScale = saved.apply(2);
    Tensor dy = outputGradients[0].contiguous();
    Tensor work = TensorMemory.bytes(kernel.workBytes());
    Tensor[] gradients = {
      TensorMemory.floatsLike(x),
      TensorMemory.floatsLike(scale),
      TensorMemory.floatsLike(headScale),
      TensorMemory.floatsLike(saved.apply(4)),
      TensorMemory.floatsLike(saved.apply(5))
    };
    kernel.backward(
        address(x),
        norm(scale),
        address(headScale),
        rotary,
        dropout,
        address(saved.apply(3)),
        address(dy),
        address(work),
        new AttentionBlockKernel.Gradients(
            address(gradients[0]),
            address(gradients[1]),
            address(gradients[2]),
            address(gradients[3]),
            address(gradients[4])));
    return gradients;
  }
}
