package dev.hourglass.config;

/**
 * How the tokens of one level look at each other (section "Attention" of the paper, key {@code
 * self_attns}). Heads of a level number {@code width / dHead}.
 */
public sealed interface SelfAttention {

  int DEFAULT_D_HEAD = 64;
  int DEFAULT_KERNEL_SIZE = 7;

  /** The name in the config file. */
  String jsonName();

  /**
   * Softmax over all tokens of the level; cost grows with the square of their number.
   *
   * @param dHead channels of a head, a multiple of 8
   */
  record Global(int dHead) implements SelfAttention {
    @Override
    public String jsonName() {
      return "global";
    }
  }

  /**
   * Each token looks at a square of tokens around it, shifted inwards at the border.
   *
   * @param dHead channels of a head, a multiple of 8
   * @param kernelSize side of the square in tokens, odd
   */
  record Neighborhood(int dHead, int kernelSize) implements SelfAttention {
    @Override
    public String jsonName() {
      return "neighborhood";
    }
  }

  /**
   * Tokens look at their own window; every odd layer moves the windows by half a side.
   *
   * @param dHead channels of a head, a multiple of 8
   * @param windowSize side of a window in tokens, a divisor of both sides of the grid
   */
  record ShiftedWindow(int dHead, int windowSize) implements SelfAttention {
    @Override
    public String jsonName() {
      return "shifted-window";
    }
  }

  /** No attention: the layers of the level are feed-forward only. */
  record None() implements SelfAttention {
    @Override
    public String jsonName() {
      return "none";
    }
  }
}
