package dev.hourglass.config.cost;

import dev.hourglass.architecture.Hourglass;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What a model costs at an image size.
 *
 * <p><b>Parameters</b> are the trained numbers; buffers such as {@code time_emb.weight} are none.
 *
 * <p><b>Multiply-accumulates</b> are those of one forward pass of one image, counted as the paper
 * counts them ("GFLOP" there): a linear layer has tokens x in x out, those of the conditioning
 * having one token an image; attention has queries x keys x (d_q + d_v) for each head, with
 * kernel^2 keys for a neighborhood and window^2 for a window, whole also at the border; Nystrom
 * attention its six products and the pseudo-inverse, for each head {@code d (4 N m + 2 m^2) + 24
 * m^3} with N tokens and m landmarks. Norms, positions, biases, embeddings and activation functions
 * count nothing.
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
 * The variants follow the same rules: a layer norm keeps two statistics a row, a gate its gate and
 * what it gates ({@code w} more for each block); an activation of one branch {@code 2f} instead of
 * {@code 4f}; similarities that are no cosine what their own operations keep, for a dot product
 * {@code 2w + 2h} less; Nystrom attention the means of q and k, log-sum-exps of the landmarks, and
 * of each of the six steps of the pseudo-inverse four matrices of m x m a head; stacks all of
 * theirs.
 *
 * <p>Around the layers: a merge keeps its rearranged input, a split its input and, for the learned
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
   * @throws InputException if the size does not fit, see {@link ModelConfig#requireSize}, or a
   *     count is 2^63 or more
   */
  public static ModelCost of(ModelConfig model, Size size) {
    model.requireSize(size);
    try {
      return count(model, size);
    } catch (ArithmeticException e) {
      throw new InputException(
          "The cost of this model at %s is above 2^63, more than is counted here; use smaller images or widths."
              .formatted(size),
          e);
    }
  }

  private static ModelCost count(ModelConfig model, Size size) {
    Hourglass network = model.hourglass();
    PartCosts costs = new PartCosts(network);
    List<LevelCost> levels = new ArrayList<>();
    for (int i = 0; i < model.levels().size(); i++) {
      levels.add(costs.level(i, model.grid(i, size)));
    }
    List<PartCost> parts = costs.around(model.inputChannels(), size, levels);
    List<CostRow> rows = Stream.<CostRow>concat(levels.stream(), parts.stream()).toList();
    return new ModelCost(
        size,
        sum(rows, CostRow::parameters),
        sum(rows, CostRow::macs),
        sum(rows, CostRow::activationBytes),
        levels,
        parts);
  }

  private static long sum(List<CostRow> rows, ToLongFunction<CostRow> count) {
    return rows.stream().mapToLong(count).reduce(0, Math::addExact);
  }

  /** All rows, the levels first; their sums are the totals. */
  public List<CostRow> rows() {
    return Stream.<CostRow>concat(levels.stream(), parts.stream()).toList();
  }
}
