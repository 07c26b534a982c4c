package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.norm.NormScalesKernel;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** {@link NormScalesKernel} on tensors: the conditioning, then the weight of each norm. */
final class NormScalesOp extends DifferentiableOp {

  private final NormScalesKernel kernel;
  private final int norms;

  NormScalesOp(NormScalesKernel kernel, int norms) {
    this.kernel = kernel;
    this.norms = norms;
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor cond = inputs[0];
    Tensor[] weights = Arrays.copyOfRange(inputs, 1, inputs.length);
    Tensor[] scales =
        Arrays.stream(weights)
            .map(weight -> TensorMemory.floats(cond.size(0), 1, 1, weight.size(0)))
            .toArray(Tensor[]::new);
    kernel.forward(address(cond), addresses(weights), addresses(scales));
    saver.save(inputs);
    return scales;
  }

  private static long[] addresses(Tensor[] tensors) {
    return Arrays.stream(tensors).mapToLong(TensorMemory::address).toArray();
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor[] inputs = IntStream.rangeClosed(0, norms).mapToObj(saved).toArray(Tensor[]::new);
    Tensor[] dense =
        Arrays.stream(outputGradients)
            .map(gradient -> gradient == null ? null : gradient.contiguous())
            .toArray(Tensor[]::new);
    Tensor[] gradients = Arrays.stream(inputs).map(TensorMemory::floatsLike).toArray(Tensor[]::new);
    Tensor work = TensorMemory.bytes(kernel.workBytes());
    long[] inputAddresses = addresses(inputs);
    long[] gradientAddresses = addresses(gradients);
    kernel.backward(
        inputAddresses[0],
        Arrays.copyOfRange(inputAddresses, 1, norms + 1),
        Arrays.stream(dense).mapToLong(g -> g == null ? 0 : address(g)).toArray(),
        address(work),
        gradientAddresses[0],
        Arrays.copyOfRange(gradientAddresses, 1, norms + 1));
    return gradients;
  }
}
