package dev.hourglass.ops.vector;

import dev.hourglass.architecture.AttentionBlock;
import dev.hourglass.architecture.FeedForward;
import dev.hourglass.architecture.Join;
import dev.hourglass.architecture.PatchSplit;
import dev.hourglass.architecture.part.activation.Activation;
import dev.hourglass.architecture.part.attention.AttentionCore;
import dev.hourglass.architecture.part.attention.Cosine;
import dev.hourglass.architecture.part.attention.Dot;
import dev.hourglass.architecture.part.attention.L2;
import dev.hourglass.architecture.part.attention.NystromCore;
import dev.hourglass.architecture.part.attention.QkNorm;
import dev.hourglass.architecture.part.attention.Similarity;
import dev.hourglass.architecture.part.position.Rope;
import dev.hourglass.architecture.part.skip.Add;
import dev.hourglass.architecture.part.skip.ChannelLerp;
import dev.hourglass.architecture.part.skip.LearnedLerp;
import dev.hourglass.architecture.part.skip.Skip;
import dev.hourglass.architecture.primitive.BinaryPart;
import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.kernels.attention.LogitForm;
import dev.hourglass.kernels.block.Curve;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.ops.TensorPrimitives;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Which parts, made of which parts, our kernels compute as a whole. For all others their definition
 * is followed, down to the next part that is here.
 */
record Fusions(VectorOps ops) {

  Optional<Tensor> of(Part part, TensorPrimitives on, Tensor x) {
    if (!VectorOps.fits(x)) {
      return Optional.empty();
    }
    return switch (part) {
      case AttentionBlock block -> attentionBlock(block, on, x);
      case FeedForward block -> feedForward(block, on, x);
      case AttentionCore core -> attention(core, on, x);
      case Activation activation -> kernel(activation).map(a -> VectorOps.activate(a, x));
      default -> Optional.empty();
    };
  }

  private Optional<Tensor> attentionBlock(AttentionBlock block, TensorPrimitives on, Tensor x) {
    AttentionCore core = block.core();
    long width = block.width();
    return logits(core, on, x, width / core.heads())
        .flatMap(
            logits ->
                BlockInputs.of(block.norm(), block.qkv(), 3 * width, block.out(), width, on, x)
                    .map(
                        inputs ->
                            ops.blocks()
                                .attention(
                                    inputs,
                                    core.heads(),
                                    logits,
                                    Sight.of(core),
                                    on.dropout(block.dropout()))));
  }

  /** How the core's logits come about, if our kernels know it. */
  private static Optional<Blocks.Logits> logits(
      AttentionCore core, TensorPrimitives on, Tensor x, long d) {
    if (core instanceof NystromCore && core.similarity() instanceof L2) {
      return Optional.empty(); // its keys' part of the logits is not the landmarks'
    }
    int heads = core.heads();
    Optional<RotaryTable> rotary =
        core.positions() instanceof Rope rope
            ? Optional.of(on.rotary(x, rope.frequencies(on, heads, d), core.exactAngles()))
            : Optional.empty();
    return logits(core.similarity(), on, heads, d, rotary)
        .filter(logits -> VectorOps.fits(logits.scales().toArray(Tensor[]::new)));
  }

  private static Optional<Blocks.Logits> logits(
      Similarity similarity,
      TensorPrimitives on,
      long heads,
      long d,
      Optional<RotaryTable> rotary) {
    return switch (similarity) {
      case Cosine cosine ->
          Optional.of(
              new Blocks.Logits(LogitForm.COSINE, List.of(cosine.scale(on, heads)), rotary));
      case Dot() -> Optional.of(new Blocks.Logits(LogitForm.DOT, List.of(), rotary));
      case QkNorm norm ->
          Optional.of(
              new Blocks.Logits(
                  LogitForm.QK_NORM,
                  List.of(norm.queryScale(on, d), norm.keyScale(on, d)),
                  rotary));
      case L2 l2 ->
          Optional.of(new Blocks.Logits(LogitForm.L2, List.of(l2.scale(on, heads)), rotary));
      default -> Optional.empty();
    };
  }

  private Optional<Tensor> attention(AttentionCore core, TensorPrimitives on, Tensor qkv) {
    return logits(core, on, qkv, qkv.size(-1) / 3 / core.heads())
        .map(logits -> ops.blocks().attend(qkv, core.heads(), logits, Sight.of(core)));
  }

  /** The activation as our kernels know it. */
  private static Optional<dev.hourglass.kernels.block.Activation> kernel(Activation activation) {
    boolean gated = activation.branches() == 2;
    return curve(activation.function())
        .map(curve -> new dev.hourglass.kernels.block.Activation(curve, gated));
  }

  /** The function as our kernels know it. */
  static Optional<Curve> curve(Elementwise function) {
    return switch (function) {
      case GELU -> Optional.of(Curve.GELU);
      case SILU -> Optional.of(Curve.SILU);
      case ELU -> Optional.of(Curve.ELU);
      case RELU -> Optional.of(Curve.RELU);
      case RELU2 -> Optional.of(Curve.SQUARED_RELU);
      case SIGMOID -> Optional.empty();
    };
  }

  private Optional<Tensor> feedForward(FeedForward block, TensorPrimitives on, Tensor x) {
    return kernel(block.activation())
        .flatMap(
            activation ->
                BlockInputs.of(
                        block.norm(),
                        block.up(),
                        block.upWidth(),
                        block.down(),
                        block.hidden(),
                        on,
                        x)
                    .map(
                        inputs ->
                            ops.blocks()
                                .feedForward(inputs, activation, on.dropout(block.dropout()))));
  }

  Optional<Tensor> of(BinaryPart pair, TensorPrimitives on, Tensor skip, Tensor x) {
    if (!(pair instanceof Join(PatchSplit split, Skip kind)) || !VectorOps.fits(skip)) {
      return Optional.empty();
    }
    Tensor dense = x.contiguous();
    Tensor weight = split.weight(on, dense.size(-1));
    Optional<MixForm> mix = mix(kind);
    Optional<Tensor> factor = factor(kind, on, split.width());
    if (mix.isEmpty()
        || !VectorOps.fits(dense, weight)
        || !VectorOps.fits(factor.stream().toArray(Tensor[]::new))) {
      return Optional.empty();
    }
    return Optional.of(
        ops.split(
            dense, weight, split.rows(), split.columns(), mix.get(), Optional.of(skip), factor));
  }

  private static Optional<MixForm> mix(Skip skip) {
    return switch (skip) {
      case LearnedLerp() -> Optional.of(MixForm.LERP);
      case ChannelLerp() -> Optional.of(MixForm.CHANNEL_LERP);
      case Add() -> Optional.of(MixForm.ADD);
      default -> Optional.empty();
    };
  }

  private static Optional<Tensor> factor(Skip skip, TensorPrimitives on, long channels) {
    return switch (skip) {
      case LearnedLerp lerp -> Optional.of(lerp.factor(on));
      case ChannelLerp lerp -> Optional.of(lerp.factors(on, channels));
      default -> Optional.empty();
    };
  }
}
