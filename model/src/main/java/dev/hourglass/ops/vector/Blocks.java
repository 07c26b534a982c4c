package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.rows;
import static dev.hourglass.ops.vector.TensorMemory.width;

import dev.hourglass.kernels.attention.LogitForm;
import dev.hourglass.kernels.attention.QkvAttentionKernel;
import dev.hourglass.kernels.block.Activation;
import dev.hourglass.kernels.block.AttentionBlockKernel;
import dev.hourglass.kernels.block.FeedForwardKernel;
import dev.hourglass.ops.Dropout;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.ops.vector.BlockTensors.Name;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/** Whole blocks, and attention from queries, keys and values on, by our kernels. */
record Blocks(Weights weights, AttentionKernels attentions) {

  /**
   * How logits are made of queries and keys, and what is learned of it.
   *
   * @param scales 0 to 2 tensors, {@code [heads]} or {@code [d]}
   * @param rotary of the positions, if they turn queries and keys
   */
  record Logits(LogitForm form, List<Tensor> scales, Optional<RotaryTable> rotary) {}

  /** The attention block (docs/model.md, 4.2) on these tensors. */
  Tensor attention(BlockInputs inputs, int heads, Logits logits, Sight sight, Dropout dropout) {
    Map<Name, Tensor> tensors = new EnumMap<>(inputs.tensors());
    Name[] names = {Name.FIRST_SCALE, Name.SECOND_SCALE};
    for (int i = 0; i < logits.scales.size(); i++) {
      tensors.put(names[i], logits.scales.get(i));
    }
    Tensor x = tensors.get(Name.X);
    Tensor in = tensors.get(Name.IN);
    Tensor out = tensors.get(Name.OUT);
    int images = (int) x.size(0);
    int d = (int) (in.size(0) / 3 / heads);
    boolean bfloat16 = weights.inBfloat16(in, out);
    AttentionBlockKernel kernel =
        new AttentionBlockKernel(
            images,
            rows(x) / images,
            heads,
            weights.of(in, bfloat16),
            weights.of(out, bfloat16),
            logits.form,
            attentions.of(sight, x, heads, logits.form.planeWidth(d)),
            tensors.containsKey(Name.GATE));
    BlockTensors block = BlockTensors.of(inputs.norm(), tensors);
    return new AttentionBlockOp(
            kernel, block, attentions.tables(logits.rotary, x, heads, d), dropout.perTokens())
        .apply(block.inputs(tensors))[0];
  }

  /** The feed-forward block (docs/model.md, 4.4) on these tensors. */
  Tensor feedForward(BlockInputs inputs, Activation activation, Dropout dropout) {
    Map<Name, Tensor> tensors = inputs.tensors();
    Tensor x = tensors.get(Name.X);
    Tensor in = tensors.get(Name.IN);
    Tensor out = tensors.get(Name.OUT);
    int images = (int) x.size(0);
    boolean bfloat16 = weights.inBfloat16(in, out);
    FeedForwardKernel kernel =
        new FeedForwardKernel(
            images,
            rows(x) / images,
            activation,
            weights.of(in, bfloat16),
            weights.of(out, bfloat16),
            tensors.containsKey(Name.GATE));
    BlockTensors block = BlockTensors.of(inputs.norm(), tensors);
    return new FeedForwardOp(kernel, block, dropout.perTokens()).apply(block.inputs(tensors))[0];
  }

  /**
   * Attention by itself.
   *
   * @param qkv {@code [n, h, w, 3 * heads * d]}
   * @return {@code [n, h, w, heads * d]}
   */
  Tensor attend(Tensor qkv, int heads, Logits logits, Sight sight) {
    int d = width(qkv) / 3 / heads;
    int images = (int) qkv.size(0);
    QkvAttentionKernel kernel =
        new QkvAttentionKernel(
            images,
            rows(qkv) / images,
            heads,
            d,
            logits.form,
            attentions.of(sight, qkv, heads, logits.form.planeWidth(d)));
    Tensor[] inputs = Stream.concat(Stream.of(qkv), logits.scales.stream()).toArray(Tensor[]::new);
    return new AttentionOp(
            kernel, logits.scales.size(), attentions.tables(logits.rotary, qkv, heads, d))
        .apply(inputs)[0];
  }
}
