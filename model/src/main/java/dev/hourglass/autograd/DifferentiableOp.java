package dev.hourglass.autograd;

import dev.hourglass.tensor.Scope;
import java.util.function.IntFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * An operation whose forward and backward passes are written in Java and which takes part in
 * libtorch's autograd. Its backward pass runs in the engine; it cannot be differentiated twice.
 */
public abstract class DifferentiableOp {

  /** What {@link #forward} keeps for the backward pass. */
  public interface Saver {

    /** Whether a backward pass may follow; if not, what is saved is not kept. */
    boolean wanted();

    /** Keeps tensors. */
    void save(Tensor... tensors);
  }

  private static final Saver NOTHING =
      new Saver() {
        @Override
        public boolean wanted() {
          return false;
        }

        @Override
        public void save(Tensor... tensors) {}
      };

  /**
   * Computes the outputs, with gradients off. They must be fresh tensors, no input and no view of
   * one.
   *
   * @param saver keeps tensors for {@link #backward}; called at most once
   */
  protected abstract Tensor[] forward(Saver saver, Tensor[] inputs);

  /**
   * Computes the gradients of the inputs, with gradients off.
   *
   * @param saved what forward saved, by position
   * @param outputGradients one for each output, null where none arrived
   * @return one for each input, null for none
   */
  protected abstract Tensor[] backward(IntFunction<Tensor> saved, Tensor[] outputGradients);

  /**
   * Runs the operation.
   *
   * @throws IllegalStateException if a gradient will be needed and no {@link Tape} is open
   */
  public final Tensor[] apply(Tensor... inputs) {
    boolean[] needsGradient = new boolean[inputs.length];
    boolean any = false;
    for (int i = 0; i < inputs.length && GradMode.is_enabled(); i++) {
      needsGradient[i] = inputs[i].requires_grad();
      any |= needsGradient[i];
    }
    if (!any) {
      return compute(NOTHING, inputs);
    }
    Tape tape = Tape.current();
    OpCall call = new OpCall(this, needsGradient);
    GradMode.set_enabled(false);
    Tensor[] outputs;
    try {
      outputs = compute(call, inputs);
    } finally {
      GradMode.set_enabled(true);
    }
    tape.add(call);
    call.attach(inputs, outputs);
    return outputs;
  }

  /** The forward pass in a scope of its own: only its outputs outlive it. */
  private Tensor[] compute(Saver saver, Tensor[] inputs) {
    Tensor[] outputs;
    try (PointerScope inner = new PointerScope()) {
      outputs = forward(saver, inputs);
      for (Tensor output : outputs) {
        Scope.own(output);
      }
    }
    for (Tensor output : outputs) {
      Scope.handToCurrentScope(output);
    }
    return outputs;
  }
}
