package dev.hourglass.config.cost;

import dev.hourglass.config.LevelConfig;
import dev.hourglass.config.MappingConfig;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a model costs at an image size.
 *
 * <p><b>Parameters</b> are the trained numbers; buffers such as {@code time_emb.weight} are none.
 *
 * <p><b>Multiply-accumulates</b> are those of one forward pass of one image, counted as the paper
 * counts them ("GFLOP" there): a linear layer has tokens x in x out, those of the conditioning
 * having one token an image; attention has queries x keys x (d_q + d_v) for each head, with
 * kernel^2 keys for a neighborhood and window^2 for a window. Norms, RoPE, embeddings and
 * activation functions count nothing.
 *
 * <p><b>Activation bytes</b> are what a plain autograd implementation in fp32, without
 * checkpointing, keeps from the forward to the backward pass for each image of the batch. It is
 * assumed that norms keep their input, output and one statistic a row, that RoPE keeps nothing of
 * its input, and that attention is fused: it keeps q, k, v, its output and a log-sum-exp, but not
 * the attention matrix. With width w, feed-forward width f and h heads, a layer keeps for each
 * token, in floats:
 *
 * <ul>
 *   <li>attention block, {@code 8w + 3h + 1}: input w, norm statistic 1, norm output w, qkv 3w,
 *       normalised and rotated q and k 2w, their statistics 2h, log-sum-exp h, attention output w;
 *   <li>feed-forward block, {@code 2w + 4f + 1}: input w, norm statistic 1, norm output w, both
 *       halves of the up projection 2f, gelu of the gate f, the product f;
 *   <li>with dropout, {@code w} and {@code f} more, and as many bytes of masks.
 * </ul>
 *
 * Around the layers: a merge keeps its rearranged input, a split its input and, for the learned
 * {@code fac}, skip and upsampled tokens; patch in keeps the patches, patch out the input,
 * statistic and output of its norm; the mapping network keeps one vector for each step. Weights,
 * gradients, optimiser state and workspaces are not in it.
 *
 * @param size the image size
 * @param parameters of the whole model
 * @param macs multiply-accumulates of one forward pass of one image
 * @param activationBytes kept in training for each image
 * @param levels from the outermost to the innermost
 * @param parts the rest: patch in, mapping, merges, splits, patch out
 */
public record ModelCost(
    Size size,
    long parameters,
    long macs,
    long activationBytes,
    List<LevelCost> levels,
    List<PartCost> parts) {

  /** Copies the lists. */
  public ModelCost {
    levels = List.copyOf(levels);
    parts = List.copyOf(parts);
  }

  /**
   * The cost of a model for images of a size, its training size or another.
   *
   * @throws dev.hourglass.InputException if the size does not fit, see {@link
   *     ModelConfig#requireSize}
   */
  public static ModelCost of(ModelConfig model, Size size) {
    model.requireSize(size);
    List<LevelCost> levels = new ArrayList<>();
    int last = model.levels().size() - 1;
    for (int i = 0; i <= last; i++) {
      LevelConfig level = model.levels().get(i);
      int layers = i < last ? 2 * level.depth() : level.depth();
      levels.add(LevelCost.of(i, level, layers, model.grid(i, size), model.mapping()));
    }
    List<PartCost> parts = new ArrayList<>();
    parts.add(patchIn(model, levels.getFirst()));
    parts.add(mapping(model));
    for (int i = 0; i < last; i++) {
      parts.add(merge(levels.get(i), levels.get(i + 1)));
    }
    for (int i = 0; i < last; i++) {
      parts.add(split(levels.get(i), levels.get(i + 1)));
    }
    parts.add(patchOut(model, levels.getFirst()));
    List<CostRow> rows = Stream.<CostRow>concat(levels.stream(), parts.stream()).toList();
    return new ModelCost(
        size,
        rows.stream().mapToLong(CostRow::parameters).sum(),
        rows.stream().mapToLong(CostRow::macs).sum(),
        rows.stream().mapToLong(CostRow::activationBytes).sum(),
        levels,
        parts);
  }

  /** All rows, the levels first; their sums are the totals. */
  public List<CostRow> rows() {
    return Stream.<CostRow>concat(levels.stream(), parts.stream()).toList();
  }

  private static long patchChannels(ModelConfig model) {
    return model.inputChannels() * model.patchSize().area();
  }

  private static PartCost patchIn(ModelConfig model, LevelCost outermost) {
    long weights = patchChannels(model) * outermost.width();
    return new PartCost(
        "patch_in",
        weights,
        weights * outermost.tokens(),
        Float.BYTES * outermost.tokens() * patchChannels(model));
  }

  private static PartCost patchOut(ModelConfig model, LevelCost outermost) {
    long width = outermost.width();
    long weights = patchChannels(model) * width;
    return new PartCost(
        "patch_out",
        weights + width,
        weights * outermost.tokens(),
        Float.BYTES * outermost.tokens() * (2 * width + 1));
  }

  /** The linear that makes one token of four: {@code [w_inner, 4 w_outer]}. */
  private static PartCost merge(LevelCost outer, LevelCost inner) {
    long weights = 4L * outer.width() * inner.width();
    return new PartCost(
        "merges." + outer.level(),
        weights,
        weights * inner.tokens(),
        Float.BYTES * outer.tokens() * outer.width());
  }

  /** The linear that makes four tokens of one, {@code [4 w_outer, w_inner]}, and {@code fac}. */
  private static PartCost split(LevelCost outer, LevelCost inner) {
    long weights = 4L * outer.width() * inner.width();
    return new PartCost(
        "splits." + outer.level(),
        weights + 1,
        weights * inner.tokens(),
        Float.BYTES * (inner.tokens() * inner.width() + 2 * outer.tokens() * outer.width()));
  }

  private static PartCost mapping(ModelConfig model) {
    MappingConfig mapping = model.mapping();
    long width = mapping.width();
    long hidden = mapping.dFf();
    // time_in_proj, aug_in_proj, mapping_cond_in_proj, then up (2 f w) and down (f w) of each block
    long linears =
        2 * width * width + model.mappingCondDim() * width + 3L * mapping.depth() * hidden * width;
    long norms = (mapping.depth() + 2L) * width;
    long classRows = model.numClasses() == 0 ? 0 : model.numClasses() + 1;
    // two Fourier vectors; input, statistic, output of the first and last norm; the blocks
    long dropout = mapping.dropout() > 0 ? hidden * (Float.BYTES + 1) : 0;
    long floats = 2 * width + model.mappingCondDim() + 2 * (2 * width + 1);
    long block = Float.BYTES * (2 * width + 1 + 4 * hidden) + dropout;
    return new PartCost(
        "mapping",
        linears + norms + classRows * width,
        linears,
        Float.BYTES * floats + mapping.depth() * block);
  }
}
