package dev.hourglass.config;

import dev.hourglass.architecture.part.Catalog;
import dev.hourglass.architecture.part.attention.SelfAttention;
import dev.hourglass.architecture.part.attention.Similarity;

/**
 * One level of the hourglass. Checked as a part of its {@link ModelConfig}.
 *
 * @param depth transformer layers on the way down, and as many on the way up; the innermost level
 *     has {@code depth} in all
 * @param width channels of a token, a multiple of the channels of a head
 * @param dFf channels inside the feed-forward block, after the gate
 * @param selfAttention how its tokens look at each other
 * @param similarity of queries and keys
 * @param dropout probability of dropping an activation in training, in [0, 1]
 * @param stacks how many stacks of {@code depth} layers there are side by side, 1 in the paper
 */
public record LevelConfig(
    int depth,
    int width,
    int dFf,
    SelfAttention selfAttention,
    Similarity similarity,
    double dropout,
    int stacks) {

  /** A level with the paper's similarity, and one stack. */
  public LevelConfig(int depth, int width, int dFf, SelfAttention selfAttention, double dropout) {
    this(depth, width, dFf, selfAttention, Catalog.SIMILARITIES.byDefault(), dropout, 1);
  }

  /** Attention heads of a layer; 0 without attention. */
  public int heads() {
    return selfAttention.heads(width);
  }
}
