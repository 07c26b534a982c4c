package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.block.FeedForwardKernel;
import dev.hourglass.kernels.block.TokenDropout;
import dev.hourglass.kernels.norm.NormScale;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/** {@link FeedForwardKernel} on tensors: x, the norm's scale, up and down weight. */
final class FeedForwardOp extends DifferentiableOp {

  private final FeedForwardKernel kernel;
  private final boolean scalePerImage;
  private final TokenDropout dropout;

  FeedForwardOp(FeedForwardKernel kernel, boolean scalePerImage, TokenDropout dropout) {
    this.kernel = kernel;
    this.scalePerImage = scalePerImage;
    this.dropout = dropout;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor x = inputs[0];
    Tensor scale = inputs[1];
    Tensor y = TensorMemory.floatsLike(x);
    Tensor kept = saver.wanted() ? TensorMemory.bytes(kernel.keptBytes()) : null;
    kernel.forward(address(x), norm(scale), dropout, address(y), kept == null ? 0 : address(kept));
    if (kept != null) {
      saver.save(x, scale, kept, inputs[2], inputs[3]);
    }
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
    Tensor[] gradients = {
      TensorMemory.floatsLike(x),
      TensorMemory.floatsLike(scale),
      TensorMemory.floatsLike(saved.apply(3)),
      TensorMemory.floatsLike(saved.apply(4))
    };
    kernel.backward(
        address(x),
        norm(scale),
        dropout,
        address(saved.apply(2)),
        address(dy),
        address(work),
        new FeedForwardKernel.Gradients(
            address(gradients[0]),
            address(gradients[1]),
            address(gradients[2]),
            address(gradients[3])));
    return gradients;
  }
}
