package dev.hourglass.autograd;

import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Torch;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Edge;
import org.bytedeco.pytorch.EdgeVector;
import org.bytedeco.pytorch.FunctionPostHook;
import org.bytedeco.pytorch.FunctionPreHook;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Node;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One call of a {@link DifferentiableOp} in the native autograd graph.
 *
 * <p>The presets offer no way to subclass a graph node, but nodes take hooks that may be Java
 * objects. So the node of a concatenation is the carrier: its edges are replaced by those of the
 * operation's inputs; a pre-hook takes the incoming gradients away, so that the carrier itself
 * computes nothing; a post-hook puts in what Java computes.
 */
final class OpCall implements DifferentiableOp.Saver {

  /** A key among the node's retain-grad hooks that PyTorch's own output numbers never reach. */
  private static final long PRE_HOOK_KEY = 1 << 20;

  private static final EdgeVector NO_EDGES;
  private static final Tensor LEAF;

  static {
    Torch.start();
    NO_EDGES = Scope.own(new EdgeVector());
    LEAF =
        Scope.own(
            new Tensor(
                torch
                    .zeros(new long[] {1}, new TensorOptions(ScalarType.Float))
                    .set_requires_grad(true)));
  }

  private final DifferentiableOp op;
  private final boolean[] needsGradient;
  private Tensor[] saved = {};
  private Tensor[] outputGradients = {};
  private boolean finished;
  private Node node;
  private Before before;
  private After after;
  private long beforeKey;
  private long afterKey;

  OpCall(DifferentiableOp op, boolean[] needsGradient) {
    this.op = op;
    this.needsGradient = needsGradient;
  }

  @Override
  public boolean wanted() {
    return true;
  }

  @Override
  public void save(Tensor... tensors) {
    saved = Arrays.stream(tensors).map(t -> Scope.own(new Tensor(t))).toArray(Tensor[]::new);
  }

  Tensor saved(int i) {
    return saved[i];
  }

  boolean needsGradient(int input) {
    return needsGradient[input];
  }

  /** Makes {@code outputs} depend on {@code inputs} in the graph, through this call. */
  void attach(Tensor[] inputs, Tensor[] outputs) {
    try (PointerScope scope = new PointerScope()) {
      EdgeVector edges = new EdgeVector((long) inputs.length);
      Tensor[] leaves = new Tensor[inputs.length];
      Arrays.fill(leaves, LEAF);
      for (int i = 0; i < inputs.length; i++) {
        if (needsGradient[i]) {
          edges.put(i, gradientEdge(inputs[i]));
        }
      }
      node = Scope.own(torch.cat(new TensorVector(leaves)).grad_fn());
      node.set_next_edges(edges);
      node.clear_input_metadata();
      before = Scope.own(new Before());
      after = Scope.own(new After());
      // The node takes the pre-hook over, and its Java object forgets the address.
      beforeKey = before.address();
      node.add_retains_grad_hook(before, PRE_HOOK_KEY);
      afterKey = node.add_post_hook(after);
      for (Tensor output : outputs) {
        torch.create_gradient_edge(output, node);
      }
    }
  }

  /**
   * Where the gradient of {@code x} flows: its accumulator for a leaf, else the operation that made
   * it.
   */
  private static Edge gradientEdge(Tensor x) {
    return x.is_leaf()
        ? x.alias().grad_fn().next_edge(0)
        : new Edge(x.grad_fn(), (int) x.output_nr());
  }

  /** Cuts the call out of the graph and frees what it holds. */
  void dispose() {
    freeSaved();
    freeOutputGradients();
    if (node == null) {
      return;
    }
    WeakHandles.delete(beforeKey);
    WeakHandles.delete(afterKey);
    node.del_post_hook(afterKey);
    node.pop_retains_grad_hook(PRE_HOOK_KEY).close();
    node.set_next_edges(NO_EDGES);
    node.close();
    before.close();
    after.close();
    node = null;
  }

  private void freeSaved() {
    for (Tensor tensor : saved) {
      tensor.close();
    }
    saved = new Tensor[0];
    finished = true;
  }

  private void freeOutputGradients() {
    for (Tensor gradient : outputGradients) {
      if (gradient != null) {
        gradient.close();
      }
    }
    outputGradients = new Tensor[0];
  }

  private final class Before extends FunctionPreHook {
    @Override
    public TensorVector apply(TensorVector gradients) {
      freeOutputGradients();
      outputGradients = new Tensor[(int) gradients.size()];
      for (int i = 0; i < outputGradients.length; i++) {
        Tensor borrowed = gradients.get(i);
        if (borrowed.defined()) {
          outputGradients[i] = Scope.own(new Tensor(borrowed));
          borrowed.reset();
        }
      }
      return gradients;
    }
  }

  private final class After extends FunctionPostHook {
    @Override
    public TensorVector apply(TensorVector inputGradients, TensorVector ignored) {
      if (finished) {
        throw new IllegalStateException(
            "a second backward pass through " + op.getClass().getSimpleName());
      }
      if (GradMode.is_enabled()) {
        throw new UnsupportedOperationException(
            "no second derivatives through " + op.getClass().getSimpleName());
      }
      try (PointerScope scope = new PointerScope()) {
        Tensor[] gradients = op.backward(OpCall.this::saved, outputGradients);
        for (int i = 0; i < needsGradient.length; i++) {
          if (needsGradient[i] && gradients[i] != null) {
            inputGradients.put(i, gradients[i]);
          }
        }
      } finally {
        freeOutputGradients();
        freeSaved();
      }
      return inputGradients;
    }
  }
}
