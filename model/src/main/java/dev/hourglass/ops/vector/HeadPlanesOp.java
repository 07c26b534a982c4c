package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.kernels.attention.HeadPlanesKernel;
import dev.hourglass.kernels.attention.HeadPlanesKernel.Planes;
import dev.hourglass.kernels.attention.HeadScales;
import dev.hourglass.kernels.rotary.RotaryTables;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * {@link HeadPlanesKernel} on tensors: qkv and the scales of the logits' form, to three planes of
 * {@code [n, heads, tokens, d]}.
 */
final class HeadPlanesOp extends DifferentiableOp {

  private final HeadPlanesKernel kernel;
  private final long[] plane;
  private final int scales;
  private final RotaryTables rotary;

  /**
   * The operation.
   *
   * @param plane the shape of a plane
   * @param scales how many there are, 0 to 2
   */
  HeadPlanesOp(HeadPlanesKernel kernel, long[] plane, int scales, RotaryTables rotary) {
    this.kernel = kernel;
    this.plane = plane;
    this.scales = scales;
    this.rotary = rotary;
  }

  private static Planes planes(Tensor[] planes) {
    return new Planes(address(planes[0]), address(planes[1]), address(planes[2]));
  }

  /** Of qkv and then scales. */
  private static HeadScales scales(Tensor[] tensors) {
    return new HeadScales(
        tensors.length > 1 ? address(tensors[1]) : 0, tensors.length > 2 ? address(tensors[2]) : 0);
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    Tensor[] planes = {
      TensorMemory.floats(plane), TensorMemory.floats(plane), TensorMemory.floats(plane)
    };
    Tensor kept = TensorMemory.bytes(kernel.keptBytes());
    kernel.forward(address(inputs[0]), scales(inputs), rotary, planes(planes), address(kept));
    Tensor[] saved = new Tensor[4 + inputs.length];
    System.arraycopy(planes, 0, saved, 0, 3);
    saved[3] = kept;
    System.arraycopy(inputs, 0, saved, 4, inputs.length);
    saver.save(saved);
    return planes;
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor[] planes = IntStream.range(0, 3).mapToObj(saved).toArray(Tensor[]::new);
    Tensor[] inputs = IntStream.rangeClosed(4, 4 + scales).mapToObj(saved).toArray(Tensor[]::new);
    Tensor[] given = new Tensor[3];
    for (int i = 0; i < 3; i++) {
      given[i] = outputGradients[i].contiguous();
    }
    Tensor work = TensorMemory.bytes(kernel.workBytes());
    Tensor[] gradients = BlockTensors.gradients(inputs);
    kernel.backward(
        scales(inputs),
        rotary,
        planes(planes),
        address(saved.apply(3)),
        planes(given),
        address(work),
        address(gradients[0]),
        scales(gradients));
    return gradients;
  }
}
