package dev.hourglass.model;

import dev.hourglass.autograd.DifferentiableOp;
import dev.hourglass.autograd.Tape;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/**
 * Activation checkpointing (Chen et al. 2016): keeps a block's inputs only, and computes its inside
 * again when the backward pass arrives. One more forward pass for a fraction of the memory.
 */
final class Checkpoint extends DifferentiableOp {

  private final BinaryOperator<Tensor> block;

  private Checkpoint(BinaryOperator<Tensor> block) {
    this.block = block;
  }

  /** Runs {@code block} on activations and the scale of its norm. */
  static Tensor run(BinaryOperator<Tensor> block, Tensor x, Tensor scale) {
    return new Checkpoint(block).apply(x, scale)[0];
  }

  @Override
  protected Tensor[] forward(Saver saver, Tensor[] inputs) {
    saver.save(inputs);
    return new Tensor[] {new Tensor(block.apply(inputs[0], inputs[1]))};
  }

  @Override
  protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients) {
    Tensor x = saved.apply(0).detach();
    Tensor scale = saved.apply(1).detach();
    x.set_requires_grad(true);
    scale.set_requires_grad(true);
    GradMode.set_enabled(true);
    try (Tape tape = new Tape()) {
      block
          .apply(x, scale)
          .backward(
              outputGradients[0], new BoolOptional(false), false, new TensorArrayRefOptional());
    } finally {
      GradMode.set_enabled(false);
    }
    return new Tensor[] {x.grad(), scale.grad()};
  }
}
