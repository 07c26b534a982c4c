package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.attention.AttentionKernel;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * {@link AttentionKernel} on tensors: q, k and v, {@code [n, heads, tokens, d]} each, to {@code [n,
 * queries, heads, d]}.
 */
final class PlaneAttentionOp extends DifferentiableOp {

  private final AttentionKernel kernel;

  PlaneAttentionOp(AttentionKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor q = inputs[0];
    Tensor out = TensorMemory.floats(q.size(0), q.size(2), q.size(1), q.size(3));
    Tensor kept = TensorMemory.bytes(kernel.keptBytes());
    kernel.forward(address(q), address(inputs[1]), address(inputs[2]), address(out), address(kept));
    saver.save(q, inputs[1], inputs[2], out, kept);
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor[] inputs = IntStream.range(0, 3).mapToObj(saved).toArray(Tensor[]::new);
    Tensor given = outputGradients[0].contiguous();
    Tensor[] gradients = BlockTensors.gradients(inputs);
    kernel.backward(
        address(inputs[0]),
        address(inputs[1]),
        address(inputs[2]),
        address(saved.apply(3)),
        address(saved.apply(4)),
        address(given),
        new AttentionKernel.Gradients(
            address(gradients[0]), address(gradients[1]), address(gradients[2])));
    return gradients;
  }
}
