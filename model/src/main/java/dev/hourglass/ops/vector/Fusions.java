package dev.hourglass.ops.vector;

import dev.hourglass.architecture.AttentionBlock;
import dev.hourglass.architecture.AttentionCore;
import dev.hourglass.architecture.FeedForward;
import dev.hourglass.architecture.Join;
import dev.hourglass.architecture.PatchSplit;
import dev.hourglass.architecture.part.Cosine;
import dev.hourglass.architecture.part.Geglu;
import dev.hourglass.architecture.part.LearnedLerp;
import dev.hourglass.architecture.part.RmsNorm;
import dev.hourglass.architecture.part.Rope;
import dev.hourglass.architecture.primitive.BinaryPart;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.ops.Ops.AttentionWeights;
import dev.hourglass.ops.Ops.FeedForwardWeights;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.ops.TensorPrimitives;
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
      case Geglu _ -> Optional.of(VectorOps.geglu(x));
      default -> Optional.empty();
    };
  }

  private Optional<Tensor> attentionBlock(AttentionBlock block, TensorPrimitives on, Tensor x) {
    AttentionCore core = block.core();
    if (block.norm() instanceof RmsNorm norm
        && core.similarity() instanceof Cosine cosine
        && core.positions() instanceof Rope rope) {
      int heads = core.heads();
      return Optional.of(
          ops.attentionBlock(
              x,
              norm.scale(on.in("norm"), block.width()),
              new AttentionWeights(block.qkv(on), cosine.scale(on, heads), block.out(on)),
              rotary(rope, core, on, x, block.width() / heads),
              core.pattern(),
              on.dropout(block.dropout())));
    }
    return Optional.empty();
  }

  private static RotaryTable rotary(
      Rope rope, AttentionCore core, TensorPrimitives on, Tensor x, long d) {
    return on.rotary(x, rope.frequencies(on, core.heads(), d), core.pattern().exactAngles());
  }

  private Optional<Tensor> attention(AttentionCore core, TensorPrimitives on, Tensor qkv) {
    if (core.similarity() instanceof Cosine cosine && core.positions() instanceof Rope rope) {
      RotaryTable rotary = rotary(rope, core, on, qkv, qkv.size(-1) / 3 / core.heads());
      return Optional.of(
          ops.attention(qkv, cosine.scale(on, core.heads()), rotary, core.pattern()));
    }
    return Optional.empty();
  }

  private Optional<Tensor> feedForward(FeedForward block, TensorPrimitives on, Tensor x) {
    if (block.norm() instanceof RmsNorm norm && block.activation() instanceof Geglu) {
      return Optional.of(
          ops.feedForwardBlock(
              x,
              norm.scale(on.in("norm"), block.width()),
              new FeedForwardWeights(block.up(on), block.down(on)),
              on.dropout(block.dropout())));
    }
    return Optional.empty();
  }

  Optional<Tensor> of(BinaryPart pair, TensorPrimitives on, Tensor skip, Tensor x) {
    if (pair instanceof Join(PatchSplit split, LearnedLerp lerp) && VectorOps.fits(skip)) {
      Tensor weight = split.weight(on, x.size(-1));
      return Optional.of(
          ops.splitLerp(skip, x, weight, split.rows(), split.columns(), lerp.factor(on)));
    }
    return Optional.empty();
  }
}
