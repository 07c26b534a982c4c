package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.attention.BlockMeansKernel;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** {@link BlockMeansKernel} on planes {@code [n, heads, tokens, d]}. */
final class BlockMeansOp extends DifferentiableOp {

  private final BlockMeansKernel kernel;

  BlockMeansOp(BlockMeansKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor x = inputs[0];
    long landmarks = (long) kernel.rows() * kernel.columns();
    Tensor y = TensorMemory.floats(x.size(0), x.size(1), landmarks, x.size(3));
    kernel.forward(address(x), address(y));
    saver.save(x);
    return new Tensor[] {y};
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor given = outputGradients[0].contiguous();
    Tensor gradient = TensorMemory.floatsLike(saved.apply(0));
    kernel.backward(address(given), address(gradient));
    return new Tensor[] {gradient};
  }
}
