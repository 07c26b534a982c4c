package dev.hourglass.model;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.autograd.Tape;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/**
 * Activation checkpointing (Chen et al. 2016): keeps a block's inputs only, and computes its inside
 * again when the backward pass arrives. One more forward pass for a fraction of the memory.
 */
final class Recomputation extends DifferentiableOp {

  private final Function<Tensor[], Tensor> block;
  private final int inputCount;

  private Recomputation(Function<Tensor[], Tensor> block, int inputCount) {
    this.block = block;
    this.inputCount = inputCount;
  }

  /**
   * Runs a block.
   *
   * @param inputs all that the block depends on and gradients flow to, but for weights
   */
  static Tensor of(Function<Tensor[], Tensor> block, Tensor... inputs) {
    return new Recomputation(block, inputs.length).apply(inputs)[0];
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    saver.save(inputs);
    return new Tensor[] {new Tensor(block.apply(inputs))};
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor[] inputs =
        IntStream.range(0, inputCount)
            .mapToObj(i -> saved.apply(i).detach().set_requires_grad(true))
            .toArray(Tensor[]::new);
    GradMode.set_enabled(true);
    try (Tape tape = new Tape()) {
      block
          .apply(inputs)
          .backward(
              outputGradients[0], new BoolOptional(false), false, new TensorArrayRefOptional());
    } finally {
      GradMode.set_enabled(false);
    }
    return Arrays.stream(inputs).map(Tensor::grad).toArray(Tensor[]::new);
  }
}
