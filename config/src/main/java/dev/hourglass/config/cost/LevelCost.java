package dev.hourglass.config.cost;

import dev.hourglass.config.LevelConfig;
import dev.hourglass.config.MappingConfig;
import dev.hourglass.config.SelfAttention;
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

  static LevelCost of(int index, LevelConfig level, int layers, Size grid, MappingConfig mapping) {
    long tokens = grid.area();
    long attentionMacs = layers * attentionMacs(level, tokens, grid);
    long norms = (long) normsPerLayer(level) * mapping.width() * level.width();
    long projections = projectionWeights(level);
    return new LevelCost(
        index,
        grid,
        level.width(),
        level.heads(),
        layers,
        layers * (norms + projections + level.heads()),
        layers * (norms + tokens * projections) + attentionMacs,
        attentionMacs,
        layers * LayerActivations.bytes(level, tokens));
  }

  @Override
  public String name() {
    return "level " + level;
  }

  /** Number of tokens. */
  public long tokens() {
    return grid.area();
  }

  static int normsPerLayer(LevelConfig level) {
    return level.selfAttention() instanceof SelfAttention.None ? 1 : 2;
  }

  /** Weights applied to every token: qkv (3 w^2) and out (w^2), GEGLU up (2 f w) and down (f w). */
  private static long projectionWeights(LevelConfig level) {
    long width = level.width();
    long feedForward = 3 * width * level.dFf();
    boolean attends = !(level.selfAttention() instanceof SelfAttention.None);
    return feedForward + (attends ? 4 * width * width : 0);
  }

  /** Queries x keys x (d_q + d_v), summed over heads, of one layer. */
  private static long attentionMacs(LevelConfig level, long tokens, Size grid) {
    long keys =
        switch (level.selfAttention()) {
          case SelfAttention.Global _ -> grid.area();
          case SelfAttention.Neighborhood(int _, int kernel) -> (long) kernel * kernel;
          case SelfAttention.ShiftedWindow(int _, int window) -> (long) window * window;
          case SelfAttention.None _ -> 0;
        };
    return tokens * keys * 2 * level.width();
  }
}
