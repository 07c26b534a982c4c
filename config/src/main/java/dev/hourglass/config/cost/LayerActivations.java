package dev.hourglass.config.cost;

import dev.hourglass.config.LevelConfig;
import dev.hourglass.config.SelfAttention;

/** The activation formula of one transformer layer, stated in {@link ModelCost}. */
final class LayerActivations {

  private LayerActivations() {}

  /** Bytes for one image of so many tokens. */
  static long bytes(LevelConfig level, long tokens) {
    boolean attends = !(level.selfAttention() instanceof SelfAttention.None);
    long perToken = feedForward(level) + (attends ? attention(level) : 0);
    // 1 + W cond of each norm: one vector an image.
    long modulations = (long) LevelCost.normsPerLayer(level) * level.width() * Float.BYTES;
    return tokens * perToken + modulations;
  }

  private static long attention(LevelConfig level) {
    long width = level.width();
    long norm = 2 * width + 1; // input, one statistic, output = input of qkv_proj
    long qkv = 3 * width; // q and k before cosine similarity; v is a view of it
    long normalised = 2 * width + 2L * level.heads(); // q and k after RoPE, their two statistics
    long attended = width + level.heads(); // output = input of out_proj, log-sum-exp of softmax
    return Float.BYTES * (norm + qkv + normalised + attended) + dropout(level, width);
  }

  private static long feedForward(LevelConfig level) {
    long width = level.width();
    long hidden = level.dFf();
    long norm = 2 * width + 1;
    long geglu = 4 * hidden; // a and gate, gelu(gate), their product = input of down_proj
    return Float.BYTES * (norm + geglu) + dropout(level, hidden);
  }

  /** Where dropout is on: its result beside its input, and a mask of one byte an element. */
  private static long dropout(LevelConfig level, long channels) {
    return level.dropout() > 0 ? channels * (Float.BYTES + 1) : 0;
  }
}
