package dev.hourglass.architecture.primitive;

/**
 * What a norm takes from the conditioning vector: one or more rows of channels for each image, by
 * one linear layer that starts at zero, trains slowly and whose weight decays.
 */
public enum Modulation {
  /** {@code 1 + W cond}. */
  SCALE(1, false),
  /** {@code W cond}. */
  SHIFT(1, false),
  /** {@code (shift, scale) = W silu(cond) + w0} (Peebles and Xie 2023). */
  SHIFT_SCALE(2, true),
  /** {@code (shift, scale, gate) = W silu(cond) + w0}. */
  SHIFT_SCALE_GATE(3, true);

  /** The layer's names, after those of the norm. */
  public static final String WEIGHT = "linear.weight";

  public static final String BIAS = "linear.bias";

  private final int rows;
  private final boolean affine;

  Modulation(int rows, boolean affine) {
    this.rows = rows;
    this.affine = affine;
  }

  /** How many rows of channels. */
  public int rows() {
    return rows;
  }

  /** Whether SiLU goes before the layer, and the layer has a bias. */
  public boolean affine() {
    return affine;
  }
}
