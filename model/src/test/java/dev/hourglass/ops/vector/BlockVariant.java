package dev.hourglass.ops.vector;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.kernels.attention.LogitForm;
import dev.hourglass.kernels.block.Activation;
import dev.hourglass.kernels.block.Curve;
import dev.hourglass.ops.Dropout;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.ops.vector.BlockTensors.Name;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A residual block with other parts than the paper's, by our kernels and by libtorch. */
record BlockVariant(NormForm norm, boolean gate, boolean biases) {

  private static final long[] LAST = {-1};

  private static Tensor mean(Tensor x) {
    return x.mean(LAST, true, new ScalarTypeOptional());
  }

  private static Tensor plus(Tensor x, double number) {
    return x.add(new Scalar(number));
  }

  /**
   * Inputs of a block on {@code [n, h, w, c]} with weights {@code [in, c]} and {@code [c, out]}.
   */
  Agreement inputs(long seed, int n, int h, int w, long c, long in, long out, List<Name> names) {
    Agreement agreement = new Agreement(seed);
    boolean shared = norm == NormForm.SHIFTED_RMS;
    for (Name name : names) {
      switch (name) {
        case X -> agreement.normal(0.3, 1, n, h, w, c);
        case SCALE -> {
          if (shared) {
            agreement.normal(1, 0.3, c);
          } else {
            agreement.normal(norm == NormForm.LAYER ? 0 : 1, 0.3, n, 1, 1, c);
          }
        }
        case SHIFT, GATE -> agreement.normal(0, 0.5, n, 1, 1, c);
        case IN -> agreement.weight(in, c);
        case IN_BIAS -> agreement.normal(0, 0.5, in);
        case OUT -> agreement.weight(c, out);
        case OUT_BIAS -> agreement.normal(0, 0.5, c);
        default -> throw new IllegalArgumentException(name.toString());
      }
    }
    return agreement;
  }

  /** What the block reads, in order. */
  List<Name> names() {
    List<Name> names = new ArrayList<>(List.of(Name.X, Name.SCALE));
    if (norm != NormForm.RMS) {
      names.add(Name.SHIFT);
    }
    if (gate) {
      names.add(Name.GATE);
    }
    names.add(Name.IN);
    if (biases) {
      names.add(Name.IN_BIAS);
    }
    names.add(Name.OUT);
    if (biases) {
      names.add(Name.OUT_BIAS);
    }
    return names;
  }

  private Map<Name, Tensor> tensors(Tensor[] in) {
    Map<Name, Tensor> tensors = new EnumMap<>(Name.class);
    List<Name> names = names();
    for (int i = 0; i < names.size(); i++) {
      tensors.put(names.get(i), in[i]);
    }
    return tensors;
  }

  private Tensor normed(Ops ops, Map<Name, Tensor> in) {
    Tensor x = in.get(Name.X);
    return switch (norm) {
      case RMS -> ops.rmsNorm(x, in.get(Name.SCALE));
      case SHIFTED_RMS -> ops.rmsNorm(x, in.get(Name.SCALE)).add(in.get(Name.SHIFT));
      case LAYER -> {
        Tensor centred = x.sub(mean(x));
        Tensor inverse = plus(mean(centred.square()), 1e-6).rsqrt();
        yield centred.mul(inverse).mul(plus(in.get(Name.SCALE), 1)).add(in.get(Name.SHIFT));
      }
    };
  }

  private static Tensor linear(Ops ops, Map<Name, Tensor> in, Tensor x, Name weight, Name bias) {
    Tensor product = ops.linear(x, in.get(weight));
    return in.containsKey(bias) ? product.add(in.get(bias)) : product;
  }

  private Tensor residual(Map<Name, Tensor> in, Tensor f) {
    return in.get(Name.X).add(gate ? f.mul(in.get(Name.GATE)) : f);
  }

  Tensor feedForward(Ops ops, Tensor[] in, Activation activation) {
    Map<Name, Tensor> tensors = tensors(in);
    if (ops instanceof VectorOps ours) {
      return ours.blocks().feedForward(new BlockInputs(norm, tensors), activation, Dropout.NONE);
    }
    Tensor up = linear(ops, tensors, normed(ops, tensors), Name.IN, Name.IN_BIAS);
    Tensor hidden = activated(activation, up);
    return residual(tensors, linear(ops, tensors, hidden, Name.OUT, Name.OUT_BIAS));
  }

  static Tensor activated(Activation activation, Tensor up) {
    if (!activation.gated()) {
      return curve(activation.curve(), up);
    }
    TensorVector halves = up.chunk(2, -1);
    return halves.get(0).mul(curve(activation.curve(), halves.get(1)));
  }

  private static Tensor curve(Curve curve, Tensor x) {
    return switch (curve) {
      case GELU -> torch.gelu(x);
      case SILU -> torch.silu(x);
      case ELU -> torch.elu(x);
      case RELU -> torch.relu(x);
      case SQUARED_RELU -> torch.relu(x).square();
    };
  }

  /** Attention on qkv by itself. */
  static Tensor attend(
      Ops ops,
      Tensor qkv,
      int heads,
      LogitForm form,
      List<Tensor> scales,
      Optional<RotaryTable> rotary,
      AttentionPattern pattern) {
    if (ops instanceof VectorOps ours) {
      return ours.blocks()
          .attend(qkv, heads, new Blocks.Logits(form, scales, rotary), new Sight.Of(pattern));
    }
    long d = qkv.size(3) / 3 / heads;
    TensorVector parts = qkv.reshape(qkv.size(0), qkv.size(1), qkv.size(2), 3, heads, d).unbind(3);
    Tensor q = turned(ops, scaled(ops, parts.get(0), form, scales, 0), rotary);
    Tensor k = turned(ops, scaled(ops, parts.get(1), form, scales, 1), rotary);
    if (form != LogitForm.COSINE) {
      q = q.mul(new Scalar(1 / Math.sqrt((double) d)));
    }
    Tensor attended = ops.attend(logits(ops, q, k, form, scales, d), parts.get(2), pattern);
    return attended.reshape(qkv.size(0), qkv.size(1), qkv.size(2), heads * d);
  }

  private static Logits<Tensor> logits(
      Ops ops, Tensor q, Tensor k, LogitForm form, List<Tensor> scales, long d) {
    if (form != LogitForm.L2) {
      return Logits.ofProducts(q, k);
    }
    Tensor scale = scales.getFirst().unsqueeze(-1);
    Tensor bias = ops.squaredNorm(k).mul(scale).mul(new Scalar(-0.5 / Math.sqrt((double) d)));
    return new Logits<>(q.mul(scale), k, Optional.of(bias));
  }

  private static Tensor turned(Ops ops, Tensor x, Optional<RotaryTable> rotary) {
    return rotary.map(table -> ops.rotate(x, table)).orElse(x);
  }

  private static Tensor scaled(Ops ops, Tensor x, LogitForm form, List<Tensor> scales, int side) {
    return switch (form) {
      case COSINE -> ops.cosineScale(x, scales.getFirst());
      case DOT, L2 -> x;
      case QK_NORM -> ops.rmsNorm(x, scales.get(side));
    };
  }

  Tensor attention(
      Ops ops,
      Tensor[] in,
      int heads,
      LogitForm form,
      List<Tensor> scales,
      Optional<RotaryTable> rotary,
      AttentionPattern pattern) {
    Map<Name, Tensor> tensors = tensors(in);
    if (ops instanceof VectorOps ours) {
      Blocks.Logits logits = new Blocks.Logits(form, scales, rotary);
      return ours.blocks()
          .attention(
              new BlockInputs(norm, tensors), heads, logits, new Sight.Of(pattern), Dropout.NONE);
    }
    Tensor qkv = linear(ops, tensors, normed(ops, tensors), Name.IN, Name.IN_BIAS);
    Tensor attended = attend(ops, qkv, heads, form, scales, rotary, pattern);
    return residual(tensors, linear(ops, tensors, attended, Name.OUT, Name.OUT_BIAS));
  }

  /** Patches of 2 x 2 tokens, mixed with a skip. */
  static Tensor split(
      Ops ops, Tensor skip, Tensor x, Tensor weight, MixForm mix, Optional<Tensor> factor) {
    if (ops instanceof VectorOps ours) {
      return ours.split(x, weight, 2, 2, mix, Optional.of(skip), factor);
    }
    Tensor split = ops.split(x, weight, 2, 2);
    return factor.isEmpty() ? split.add(skip) : skip.add(split.sub(skip).mul(factor.get()));
  }
}
