package dev.hourglass.config;

/**
 * One level of the hourglass. Checked as a part of its {@link ModelConfig}.
 *
 * @param depth transformer layers on the way down, and as many on the way up; the innermost level
 *     has {@code depth} in all
 * @param width channels of a token, a multiple of the channels of a head
 * @param dFf channels inside the feed-forward block, after the gate
 * @param selfAttention how its tokens look at each other
 * @param dropout probability of dropping an activation in training, in [0, 1]
 */
public record LevelConfig(
    int depth, int width, int dFf, SelfAttention selfAttention, double dropout) {

  /** Attention heads of a layer; 0 without attention. */
  public int heads() {
    return switch (selfAttention) {
      case SelfAttention.Global global -> width / global.dHead();
      case SelfAttention.Neighborhood neighborhood -> width / neighborhood.dHead();
      case SelfAttention.ShiftedWindow window -> width / window.dHead();
      case SelfAttention.None _ -> 0;
    };
  }
}
