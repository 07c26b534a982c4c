package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.block.FeedForwardKernel;
import dev.hourglass.kernels.block.TokenDropout;
import dev.hourglass.ops.vector.BlockTensors.Name;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** {@link FeedForwardKernel} on tensors. */
final class FeedForwardOp extends DifferentiableOp {

  private final FeedForwardKernel kernel;
  private final BlockTensors block;
  private final TokenDropout dropout;

  FeedForwardOp(FeedForwardKernel kernel, BlockTensors block, TokenDropout dropout) {
    this.kernel = kernel;
    this.block = block;
    this.dropout = dropout;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor x = block.get(inputs, Name.X);
    Tensor y = TensorMemory.floatsLike(x);
    Tensor kept = saver.wanted() ? TensorMemory.bytes(kernel.keptBytes()) : null;
    kernel.forward(
        address(x),
        block.parameters(inputs),
        dropout,
        address(y),
        kept == null ? 0 : address(kept));
    if (kept != null) {
      Tensor[] saved = Arrays.copyOf(inputs, inputs.length + 1);
      saved[inputs.length] = kept;
      saver.save(saved);
    }
    return new Tensor[] {y};
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor[] inputs = block.saved(saved);
    Tensor dy = outputGradients[0].contiguous();
    Tensor work = TensorMemory.bytes(kernel.workBytes());
    Tensor[] gradients = BlockTensors.gradients(inputs);
    kernel.backward(
        address(block.get(inputs, Name.X)),
        block.parameters(inputs),
        dropout,
        address(saved.apply(inputs.length)),
        address(dy),
        address(work),
        block.blockGradients(gradients));
    return gradients;
  }
}
