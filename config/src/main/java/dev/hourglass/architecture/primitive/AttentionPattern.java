package dev.hourglass.architecture.primitive;

/** Which keys a query attends to, on a grid of tokens (HDiT, section 4.2). */
public sealed interface AttentionPattern {

  /** Keys of one query, on a grid of so many tokens. */
  long keys(long tokens);

  /**
   * Whether angles of positions are computed in float64. The authors' code multiplies float32
   * positions by the frequencies in float32, but for global attention.
   */
  default boolean exactAngles() {
    return false;
  }

  /** Every token. */
  record Global() implements AttentionPattern {
    @Override
    public long keys(long tokens) {
      return tokens;
    }

    @Override
    public boolean exactAngles() {
      return true;
    }
  }

  /**
   * The {@code kernel x kernel} window around the query, shifted inwards at the border, never
   * padded (Hassani et al. 2023).
   *
   * @param kernel odd, at most the shorter side of the grid
   */
  record Neighborhood(int kernel) implements AttentionPattern {
    @Override
    public long keys(long tokens) {
      return (long) kernel * kernel;
    }
  }

  /**
   * The query's window among non-overlapping {@code size x size} ones, after the grid was rolled by
   * {@code shift}; a window that the roll made of two sides of the image is masked across the seam
   * (Liu et al. 2021).
   *
   * @param size divides both sides of the grid
   * @param shift 0, or size / 2
   */
  record ShiftedWindow(int size, int shift) implements AttentionPattern {
    @Override
    public long keys(long tokens) {
      return (long) size * size;
    }
  }
}
