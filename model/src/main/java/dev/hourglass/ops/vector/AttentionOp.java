package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.attention.HeadScales;
import dev.hourglass.kernels.attention.QkvAttentionKernel;
import dev.hourglass.kernels.rotary.RotaryTables;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** {@link QkvAttentionKernel} on tensors: qkv, and the scales of the logits' form. */
final class AttentionOp extends DifferentiableOp {

  private final QkvAttentionKernel kernel;
  private final int scales;
  private final RotaryTables rotary;

  /** With so many scales, 0 to 2. */
  AttentionOp(QkvAttentionKernel kernel, int scales, RotaryTables rotary) {
    this.kernel = kernel;
    this.scales = scales;
    this.rotary = rotary;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor qkv = inputs[0]; // [n, h, w, 3 * heads * d]
    Tensor out = TensorMemory.floats(qkv.size(0), qkv.size(1), qkv.size(2), qkv.size(3) / 3);
    Tensor kept = TensorMemory.bytes(kernel.keptBytes());
    kernel.forward(address(qkv), scales(inputs), rotary, address(out), address(kept));
    Tensor[] saved = new Tensor[inputs.length + 2];
    System.arraycopy(inputs, 0, saved, 0, inputs.length);
    saved[inputs.length] = kept;
    saved[inputs.length + 1] = out;
    saver.save(saved);
    return new Tensor[] {out};
  }

  private HeadScales scales(Tensor[] tensors) {
    return new HeadScales(
        scales > 0 ? address(tensors[1]) : 0, scales > 1 ? address(tensors[2]) : 0);
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor[] inputs = IntStream.rangeClosed(0, scales).mapToObj(saved).toArray(Tensor[]::new);
    Tensor dOut = outputGradients[0].contiguous();
    Tensor work = TensorMemory.bytes(kernel.workBytes());
    Tensor[] gradients = BlockTensors.gradients(inputs);
    kernel.backward(
        scales(inputs),
        rotary,
        address(saved.apply(scales + 1)),
        address(saved.apply(scales + 2)),
        address(dOut),
        address(work),
        address(gradients[0]),
        scales(gradients));
    return gradients;
  }
}
