package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.block.AttentionBlockKernel;
import dev.hourglass.kernels.block.TokenDropout;
import dev.hourglass.kernels.rotary.RotaryTables;
import dev.hourglass.ops.vector.BlockTensors.Name;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** {@link AttentionBlockKernel} on tensors. */
final class AttentionBlockOp extends DifferentiableOp {

  private final AttentionBlockKernel kernel;
  private final BlockTensors block;
  private final RotaryTables rotary;
  private final TokenDropout dropout;

  AttentionBlockOp(
      AttentionBlockKernel kernel, BlockTensors block, RotaryTables rotary, TokenDropout dropout) {
    this.kernel = kernel;
    this.block = block;
    this.rotary = rotary;
    this.dropout = dropout;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor x = block.get(inputs, Name.X);
    Tensor y = TensorMemory.floatsLike(x);
    Tensor kept = TensorMemory.bytes(kernel.keptBytes());
    kernel.forward(
        address(x),
        block.parameters(inputs),
        block.headScales(inputs),
        rotary,
        dropout,
        address(y),
        address(kept));
    Tensor[] saved = Arrays.copyOf(inputs, inputs.length + 1);
    saved[inputs.length] = kept;
    saver.save(saved);
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
        block.headScales(inputs),
        rotary,
        dropout,
        address(saved.apply(inputs.length)),
        address(dy),
        address(work),
        block.blockGradients(gradients),
        block.headScales(gradients));
    return gradients;
  }
}
