package dev.hourglass.ops.vector;

import dev.hourglass.architecture.AttentionBlock;
import dev.hourglass.architecture.FeedForward;
import dev.hourglass.architecture.Join;
import dev.hourglass.architecture.PatchSplit;
import dev.hourglass.architecture.part.activation.Activation;
import dev.hourglass.architecture.part.activation.Gated;
import dev.hourglass.architecture.part.attention.Cosine;
import dev.hourglass.architecture.part.attention.SoftmaxCore;
import dev.hourglass.architecture.part.norm.RmsNorm;
import dev.hourglass.architecture.part.position.Rope;
import dev.hourglass.architecture.part.skip.LearnedLerp;
import dev.hourglass.architecture.primitive.BinaryPart;
import dev.hourglass.architecture.primitive.Elementwise;
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
      case SoftmaxCore core -> attention(core, on, x);
      case Gated gated when isGeglu(gated) -> Optional.of(VectorOps.geglu(x));
      default -> Optional.empty();
    };
  }

  private Optional<Tensor> attentionBlock(AttentionBlock block, TensorPrimitives on, Tensor x) {
    if (block.norm() instanceof RmsNorm norm
        && !block.biases().in()
        && !block.biases().out()
        && block.core() instanceof SoftmaxCore core
        && core.similarity() instanceof Cosine cosine
        && core.positions() instanceof Rope rope) {
      int heads = core.heads();
      int width = block.width();
      return Optional.of(
          ops.attentionBlock(
              x,
              norm.scale(on.in("norm"), block.width()),
              new AttentionWeights(
                  block.qkv().weight(on, 3L * width, width),
                  cosine.scale(on, heads),
                  block.out().weight(on, width, width)),
              rotary(rope, core, on, x, block.width() / heads),
              core.pattern(),
              on.dropout(block.dropout())));
    }
    return Optional.empty();
  }

  private static RotaryTable rotary(
      Rope rope, SoftmaxCore core, TensorPrimitives on, Tensor x, long d) {
    return on.rotary(x, rope.frequencies(on, core.heads(), d), core.pattern().exactAngles());
  }

  private Optional<Tensor> attention(SoftmaxCore core, TensorPrimitives on, Tensor qkv) {
    if (core.similarity() instanceof Cosine cosine && core.positions() instanceof Rope rope) {
      RotaryTable rotary = rotary(rope, core, on, qkv, qkv.size(-1) / 3 / core.heads());
      return Optional.of(
          ops.attention(qkv, cosine.scale(on, core.heads()), rotary, core.pattern()));
    }
    return Optional.empty();
  }

  private static boolean isGeglu(Activation activation) {
    return activation instanceof Gated && activation.function() == Elementwise.GELU;
  }

  private Optional<Tensor> feedForward(FeedForward block, TensorPrimitives on, Tensor x) {
    if (block.norm() instanceof RmsNorm norm
        && !block.biases().in()
        && !block.biases().out()
        && isGeglu(block.activation())) {
      return Optional.of(
          ops.feedForwardBlock(
              x,
              norm.scale(on.in("norm"), block.width()),
              new FeedForwardWeights(
                  block.up().weight(on, block.upWidth(), block.width()),
                  block.down().weight(on, block.width(), block.hidden())),
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
