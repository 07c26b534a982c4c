package dev.hourglass.bench;

import dev.hourglass.architecture.part.attention.SelfAttention;
import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.autograd.Tape;
import dev.hourglass.config.LevelConfig;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.model.Parameters;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Neighborhood attention alone: from q, k and v on, and back to their gradients. */
final class AttentionTask implements Task {

  private static final String PREFIX = "mid_level.0.self_attn.";

  private final Ops ops;
  private final boolean backward;
  private final AttentionPattern pattern;
  private final Parameters weights;
  private final Tensor qkv; // [n, h, w, 3 * heads * d]
  private final Tensor gradient; // [n, h, w, heads * d]
  private final RotaryTable rotary;

  AttentionTask(ModelConfig model, Ops ops, int batch, boolean backward) {
    this.ops = ops;
    this.backward = backward;
    LevelConfig level = model.levels().getFirst();
    if (!(level.selfAttention() instanceof SelfAttention.Neighborhood(int _, int kernel))) {
      throw new IllegalArgumentException("neighborhood attention expected");
    }
    this.pattern = new AttentionPattern.Neighborhood(kernel);
    this.weights = Parameters.initial(model, 0);
    Size grid = model.grid(0, model.inputSize());
    try (PointerScope scope = new PointerScope()) {
      Tensor x = Noise.normal(batch, grid.height(), grid.width(), level.width());
      // Made by the provider's own product, so that it has the type that the provider goes on with.
      Tensor projected = ops.linear(x, weights.get(PREFIX + "qkv_proj.weight").detach()).detach();
      projected.set_requires_grad(backward);
      this.qkv = Scope.own(projected);
      this.gradient = Scope.own(Noise.normal(Tensors.shape(x)).to(projected.scalar_type()));
      Tensor freqs = weights.get(PREFIX + "pos_emb.freqs");
      this.rotary =
          RotaryTable.of(freqs, positions(grid.height()), positions(grid.width()), ScalarType.Float)
              .owned();
    }
  }

  private static Tensor positions(int count) {
    return torch.linspace(new Scalar(-1.0), new Scalar(1.0), count);
  }

  @Override
  public void run() {
    try (PointerScope scope = new PointerScope();
        AutoGradMode mode = new AutoGradMode(backward);
        Tape tape = new Tape()) {
      Tensor attended = ops.attention(qkv, weights.get(PREFIX + "scale"), rotary, pattern);
      if (backward) {
        attended.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
        qkv.mutable_grad().reset();
        weights.get(PREFIX + "scale").mutable_grad().reset();
      }
    }
  }

  @Override
  public void close() {
    qkv.close();
    gradient.close();
    weights.close();
  }
}
