package dev.hourglass.config.cost;

import dev.hourglass.config.Size;

/**
 * The cost of all transformer layers of one level, those on the way down and those on the way up.
 *
 * @param level 0 for the outermost
 * @param grid tokens as rows x columns
 * @param width channels of a token
 * @param heads attention heads of a layer, 0 without attention
 * @param layers twice the depth, at the innermost level once
 * @param parameters trained numbers
 * @param macs multiply-accumulates of a forward pass of one image
 * @param attentionMacs those of them between queries, keys and values
 * @param activationBytes bytes kept for the backward pass of one image, see {@link ModelCost}
 */
public record LevelCost(
    int level,
    Size grid,
    int width,
    int heads,
    int layers,
    long parameters,
    long macs,
    long attentionMacs,
    long activationBytes)
    implements CostRow {

  @Override
  public String name() {
    return "level " + level;
  }

  /** Number of tokens. */
  public long tokens() {
    return grid.area();
  }
}
